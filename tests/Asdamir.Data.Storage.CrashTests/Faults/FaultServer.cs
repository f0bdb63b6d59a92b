
namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>The server of a test class.</summary>
public sealed class FaultServer : PostgresServer, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await StartAsync();
}
