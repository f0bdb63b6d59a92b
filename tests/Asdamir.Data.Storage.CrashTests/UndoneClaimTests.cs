using Apps.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>
/// A claim is not flushed to the disk. Here the server really dies before it is, while the worker that has claimed the job lives on.
/// </summary>
public sealed class UndoneClaimTests
{
    [Fact]
    public async Task Job_IsClaimedAgainAndItsFirstWorkerCannotTakeItBack_WhenACrashUndidItsClaim()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        var place = new PostgreSqlPlace(server);
        // What its own commit does not flush, no other commit flushes in the meantime.
        place.Execute("ALTER SYSTEM SET wal_writer_delay = '10s'");
        place.Execute("SELECT pg_reload_conf()");
        using var first = place.Open();
        var id = new BackgroundJobClient(first).Enqueue(() => Work.Run(0, 0, null!));
        using var connection = (JobStorageConnection)first.GetConnection();
        // A commit of something else, as the renewal of a lease, flushes the claim, too; then there is nothing to see, and it is tried
        // again.
        var fetched = Fetch(connection);
        for (var attempt = 1; await SurvivesACrashAsync(server, place) && attempt <= 20; attempt++)
        {
            fetched.Requeue();
            await Until.TrueAsync(() => place.Count("{s}queue WHERE claimed_by IS NULL") == 1, "it is given back");
            fetched = Fetch(connection);
        }
        Assert.Equal(1, place.Count("{s}queue WHERE claimed_by IS NULL"));

        using var second = place.Open();
        using var otherConnection = (JobStorageConnection)second.GetConnection();
        using (var taken = Fetch(otherConnection))
        {
            Assert.True(Change(second, otherConnection, id, new ScheduledState(TimeSpan.FromHours(1)), "Enqueued"));
            taken.RemoveFromQueue();
        }
        for (var attempt = 1; attempt <= 5; attempt++)
            TryFail(first, connection, id);
        fetched.Dispose();

        Assert.Equal("Scheduled", otherConnection.GetStateData(id).Name);
        Assert.Contains(
            id,
            otherConnection.GetAllItemsFromSet("schedule")
                .Select(static item => item[(item.IndexOf(':', StringComparison.Ordinal) + 1)..]));
    }

    // Its process lives, so no other one would release the claim.
    [Fact]
    public async Task Job_StaysInItsQueue_WhenTheServerCrashesAfterItWasGivenBack()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        var place = new PostgreSqlPlace(server);
        place.Execute("ALTER SYSTEM SET wal_writer_delay = '10s'");
        place.Execute("SELECT pg_reload_conf()");
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Work.Run(0, 0, null!));
        using var connection = (JobStorageConnection)storage.GetConnection();
        using var fetched = Fetch(connection);
        // Flushes the claim.
        client.Schedule(() => Work.Run(0, 0, null!), TimeSpan.FromHours(1));

        fetched.Requeue();
        Assert.False(await SurvivesACrashAsync(server, place));

        Assert.Equal(1, place.Count("{s}queue WHERE claimed_by IS NULL"));
    }

    // The claim.
    private static async Task<bool> SurvivesACrashAsync(PostgresServer server, PostgreSqlPlace place)
    {
        await server.KillAsync();
        await server.StartAgainAsync();
        return place.Count("{s}queue WHERE claimed_by IS NOT NULL") == 1;
    }

    // From the states a job may have in its queue, as its worker does.
    private static void TryFail(SqlJobStorage storage, IStorageConnection connection, string id)
    {
        try
        {
            Change(storage, connection, id, new FailedState(new InvalidOperationException("no")), "Enqueued", "Scheduled", "Processing");
        }
        catch (Exception exception) when (exception.GetType().Name is "WriteConflictException" or "LeaseLostException")
        {
            // The worker tries again, and so does this test.
        }
    }

    private static bool Change(SqlJobStorage storage, IStorageConnection connection, string id, IState to, params string[] from) =>
        new BackgroundJobStateChanger(new JobFilterCollection())
            .ChangeState(new StateChangeContext(storage, connection, id, to, from)) is not null;

    private static IFetchedJob Fetch(JobStorageConnection connection)
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        return connection.FetchNextJob(["default"], limit.Token);
    }
}
