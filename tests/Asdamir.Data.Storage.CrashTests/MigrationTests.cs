using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Many processes that use an empty database at the same moment.</summary>
public sealed class MigrationTests(RecoveryServer server, Files files) : IClassFixture<RecoveryServer>
{
    private const int Processes = 8;

    /// <summary>How many there are of each database.</summary>
    private static readonly int Migrations = typeof(SqliteJobStorage).Assembly.GetManifestResourceNames()
        .Count(static name => name.Contains(".Sqlite.Migrations.", StringComparison.Ordinal));

    [Fact]
    public async Task PostgreSql_IsMigratedByExactlyOneOfTheProcessesThatStartTogether() =>
        await StartTogetherAsync(new PostgreSqlPlace(server));

    [Fact]
    public async Task Sqlite_IsMigratedByExactlyOneOfTheProcessesThatStartTogether() => await StartTogetherAsync(files.NewSqlite());

    [Fact]
    public async Task PostgreSql_IsMigratedByExactlyOneOfTheStoragesThatAreUsedTogether() =>
        await UseTogetherAsync(new PostgreSqlPlace(server));

    [Fact]
    public async Task Sqlite_IsMigratedByExactlyOneOfTheStoragesThatAreUsedTogether() => await UseTogetherAsync(files.NewSqlite());

    private static async Task StartTogetherAsync(IPlace place)
    {
        await using var site = new Site(place);
        var processes = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => site.StartEnqueuerAsync(threads: 1, pause: 50)));
        await Until.TrueAsync(
            () =>
                processes.All(process =>
                    File.Exists(process.Ledger) && File.ReadAllText(process.Ledger).Contains("enqueued", StringComparison.Ordinal)),
            "every process has enqueued a job", () => site.Logs);
        foreach (var process in processes)
            await process.StopAsync();

        Assert.Empty(site.Refused);
        Assert.Equal(Migrations, place.Count("{s}migration"));
        Assert.Equal(site.Enqueued.Count, place.Count("{s}job"));
    }

    private static async Task UseTogetherAsync(IPlace place)
    {
        using var start = new Barrier(Processes);
        await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var storage = place.Open();
                start.SignalAndWait();
                Assert.NotNull(Enqueue(storage));
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(Migrations, place.Count("{s}migration"));
        Assert.Equal(Processes, place.Count("{s}queue"));
    }

    // A connection that a busy machine opens too late is an outage to the storage, and the caller tries again.
    private static string Enqueue(JobStorage storage)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new BackgroundJobClient(storage).Enqueue(() => Console.WriteLine());
            }
            catch (BackgroundJobClientException exception)
                when (attempt < 10 && exception.InnerException is JobStorageUnavailableException { MayBeCommitted: false })
            {
            }
        }
    }
}
