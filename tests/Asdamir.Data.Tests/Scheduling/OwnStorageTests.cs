using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Scheduling;

/// <summary>Tests of hosts on one of our storages; each test has empty tables.</summary>
public abstract class OwnStorageTests(StorageKind kind) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string _schema = "";

    private protected string ConnectionString { get; private set; } = "";

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = _folder.Sqlite();
        if (kind == StorageKind.PostgreSql)
        {
            var server = await SharedPostgres.GetAsync();
            (ConnectionString, _schema) = (server.ConnectionString, server.NewSchema());
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected void UseStorage(HangfireJobsOptions options)
    {
        options.Storage.Provider = kind.ToString();
        options.Storage.ConnectionString = ConnectionString;
        if (kind == StorageKind.PostgreSql)
            options.Storage.Schema = _schema;
    }
}
