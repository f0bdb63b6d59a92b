using System.Reflection;
using Apps.Storage;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>The storage app as a process.</summary>
internal sealed class StorageProcess : ChildProcess
{
    private static readonly string App = typeof(StorageProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(static attribute => attribute.Key == "StorageApp").Value!;

    private StorageProcess(string ledger, IEnumerable<string> arguments)
        : base(["dotnet", App, $"ledger={ledger}", .. arguments]) => Ledger = ledger;

    public string Ledger { get; }

    /// <summary>Lets the jobs end that take <see cref="Work.UntilReleased"/>.</summary>
    public void Release() => File.WriteAllText(Work.ReleaseOf(Ledger), "");

    /// <summary>Undoes <see cref="Release"/> for jobs that begin from now on.</summary>
    public void Hold() => File.Delete(Work.ReleaseOf(Ledger));

    public static async Task<StorageProcess> StartAsync(string ledger, IEnumerable<string> arguments)
    {
        var process = new StorageProcess(ledger, arguments);
        await process.ReadyAsync(Until.Limit);
        return process;
    }
}
