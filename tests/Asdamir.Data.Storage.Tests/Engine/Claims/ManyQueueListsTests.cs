using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class ManyQueueListsOnPostgreSql() : ManyQueueListsTests(
    // The test server's own limit is not the default one.
    static place => new PostgreSqlJobStorage(
        Default(place), new PostgreSqlJobStorageOptions { Schema = place.Schema, LeaseTimeout = TimeSpan.FromSeconds(5) }))
{
    private static string Default(Place place)
    {
        var settings = new NpgsqlConnectionStringBuilder(place.PostgreSql) { ApplicationName = place.Schema };
        settings.Remove("Maximum Pool Size");
        return settings.ConnectionString;
    }

    [Theory]
    [InlineData(9)]
    [InlineData(40)]
    public async Task Connections_AreNotMore_WhenThereAreMoreQueueLists(int lists)
    {
        await WithWorkersAsync(lists, async () =>
        {
            await Task.WhenAll(
                Enumerable.Range(0, 8).Select(_ => Task.Run(() => Client.Create(SampleJobs.Text("x"), new EnqueuedState("unserved")))));
            Assert.InRange(Rows.Count($"pg_stat_activity WHERE application_name = '{Place.Schema}'"), 1, 20);
            await Until.EqualAsync(
                1, () => Rows.Count($"pg_stat_activity WHERE application_name = '{Place.Schema}' AND query LIKE 'LISTEN%'"),
                "the number of connections that listen");
        });
    }
}

public sealed class ManyQueueListsOnSqlite() : ManyQueueListsTests(
    static place =>
        new SqliteJobStorage($"Data Source={place.File}", new SqliteJobStorageOptions { LeaseTimeout = TimeSpan.FromSeconds(5) }));

/// <summary>Workers of many different sets of queues in one process.</summary>
[Slow]
public abstract class ManyQueueListsTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Theory]
    [InlineData(9)]
    [InlineData(40)]
    public async Task TheStorage_Answers_AndRenewsItsLease_WhileWorkersOfManyQueueListsWait(int lists)
    {
        await WithWorkersAsync(lists, async () =>
        {
            for (var i = 0; i < lists; i++)
                Client.Create(SampleJobs.Text("x"), new EnqueuedState($"q{i}"));
            Assert.Equal(0, Storage.GetMonitoringApi().GetStatistics().Failed);
            await Until.EqualAsync(0, () => Rows.Count("{s}queue"), "the number of jobs that wait");

            var lease = Lease();
            for (var renewals = 0; renewals < 3; renewals++)
            {
                var before = Lease().ExpiresAt;
                await Until.TrueAsync(() => Lease().ExpiresAt > before, "the lease is renewed");
            }
            Assert.Equal(lease.Id, Lease().Id);
        });
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public void Fetch_ServesTheQueueNamedFirst_AlsoWhenOtherWorkersNameThemInAnotherOrder(string first, string second)
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        Client.Create(SampleJobs.Text("x"), new EnqueuedState("a"));
        Client.Create(SampleJobs.Text("x"), new EnqueuedState("b"));
        using var limit = new CancellationTokenSource(Until.Limit);

        using var fetched = connection.FetchNextJob([first, second, first], limit.Token);

        Assert.Equal(
            first,
            Rows.Query(
                "SELECT queue FROM {s}queue WHERE claimed_by IS NOT NULL ORDER BY claimed_at, id", static row => row.GetString(0))[0]);
    }

    [Fact]
    public async Task Workers_AreServed_WhenNoneHasAskedForAWhile()
    {
        // Names of threads are short.
        var queue = $"{Random.Shared.Next(10_000_000, 99_999_999)}";
        Fetch(queue);
        Assert.True(IsClaimed(queue));

        await Until.TrueAsync(() => !IsClaimed(queue), "what claims for the queue has ended");

        Fetch(queue);
        await Until.EqualAsync(0, () => Rows.Count("{s}queue"), "the number of jobs that wait");
    }

    private void Fetch(string queue)
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var limit = new CancellationTokenSource(Until.Limit);
        Client.Create(SampleJobs.Text("x"), new EnqueuedState(queue));
        using var fetched = connection.FetchNextJob([queue], limit.Token);
        fetched.RemoveFromQueue();
    }

    private static bool IsClaimed(string queue) =>
        Directory.GetDirectories("/proc/self/task")
            .Any(thread => File.Exists($"{thread}/comm") && ReadName(thread).Contains(queue, StringComparison.Ordinal));

    private static string ReadName(string thread)
    {
        try
        {
            return File.ReadAllText($"{thread}/comm");
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }

    /// <summary>Two workers a list, each with the queue of its list first and one that all share.</summary>
    private protected async Task WithWorkersAsync(int lists, Func<Task> test)
    {
        using var stop = new CancellationTokenSource();
        // Opened here, so that no worker opens it.
        using (Storage.GetConnection())
        {
        }
        var workers = Enumerable.Range(0, 2 * lists).Select(i => new Thread(() => Work([$"q{i / 2}", "shared"], stop.Token))).ToList();
        workers.ForEach(static worker => worker.Start());
        try
        {
            await test();
        }
        finally
        {
            await stop.CancelAsync();
            workers.ForEach(static worker => worker.Join());
        }
    }

    private void Work(string[] queues, CancellationToken stop)
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        try
        {
            while (true)
            {
                using var fetched = connection.FetchNextJob(queues, stop);
                fetched.RemoveFromQueue();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private (long Id, long ExpiresAt) Lease() =>
        Rows.Query("SELECT id, expires_at FROM {s}lease", static row => (row.GetInt64(0), row.GetInt64(1))).Single();
}
