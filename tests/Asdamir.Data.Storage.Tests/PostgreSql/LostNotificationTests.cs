using Asdamir.Data.Storage.PostgreSql;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>A process that ends after a commit, and before it has told of it.</summary>
[NeedsPostgreSql]
public sealed class LostNotificationTests() : OwnStorageTests(static place => OnPostgreSql(place))
{
    [Fact]
    public async Task FetchNextJob_FindsAJobWithoutANotification_WhenItPolls()
    {
        var jobId = Client.Create(() => Console.WriteLine("x"), new EnqueuedState("elsewhere"));
        var listens = false;
        var looks = 0;
        using var proxy = new FaultProxy(Place.PostgreSql)
        {
            Decide = sql =>
            {
                if (sql.Contains("LISTEN", StringComparison.Ordinal))
                    Volatile.Write(ref listens, true);
                else if (Volatile.Read(ref listens) && sql.Contains("SET claimed_by", StringComparison.Ordinal))
                    Interlocked.Increment(ref looks);
                return Fault.None;
            },
        };
        var options = new PostgreSqlJobStorageOptions { Schema = Place.Schema, PollInterval = TimeSpan.FromMilliseconds(500) };
        using var worker = new PostgreSqlJobStorage(proxy.ConnectionString, options);
        using var connection = (JobStorageConnection)worker.GetConnection();
        using var limit = new CancellationTokenSource(Until.Limit);
        var fetching = Task.Factory.StartNew(
            () => connection.FetchNextJob(["app"], limit.Token), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        // What begins to listen looks once; one more look may have been on its way.
        await Until.TrueAsync(() => Volatile.Read(ref looks) >= 3, "the worker polls", () => $"listens: {listens}, looks: {looks}");
        Assert.False(fetching.IsCompleted);

        using (var database = new PostgreSqlDatabase(Place.PostgreSql, options))
        using (var session = database.Write())
            Assert.Equal(1, session.Execute("UPDATE {s}queue SET queue = 'app'"));

        using var fetched = await fetching;
        Assert.Equal(jobId, fetched.JobId);
    }
}
