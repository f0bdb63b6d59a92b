using Asdamir.Data.Storage.CrashTests;

[assembly: AssemblyFixture(typeof(Files))]

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>
/// Whatever is killed, and whenever: what an enqueue call returned is executed, and nothing is left over. With
/// ASDAMIR_CRASH_KILLS=200 in the environment the jobs are as long as that.
/// </summary>
public sealed class CrashTests(Files files, ITestOutputHelper output)
{
    [Fact]
    public async Task PostgreSql_LosesNoJob_WhicheverProcessOrServerIsKilled()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        await using var job = new CrashRun(new PostgreSqlPlace(server), server, output);
        await job.RunAsync(CrashRun.Kills(14));
    }

    [Fact]
    public async Task Sqlite_LosesNoJob_WhicheverProcessIsKilled()
    {
        await using var job = new CrashRun(files.NewSqlite(), server: null, output);
        await job.RunAsync(CrashRun.Kills(12));
    }
}

/// <summary>The SQLite files of a test job; gone after it.</summary>
public sealed class Files : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _last;

    internal SqlitePlace NewSqlite() => new(NewPath());

    internal string NewPath() => _folder.PathOf($"{Interlocked.Increment(ref _last)}.db");

    public void Dispose() => _folder.Dispose();
}
