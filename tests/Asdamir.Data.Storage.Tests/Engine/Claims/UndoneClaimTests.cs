using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class UndoneClaimOnPostgreSql() : UndoneClaimTests(static place => OnPostgreSql(place));

public sealed class UndoneClaimOnSqlite() : UndoneClaimTests(static place => OnSqlite(place));

/// <summary>
/// A claim is not durable: a crash of the database may undo it while the lease of its process lives on. The first
/// worker, which continues as soon as the database is back, must not disturb the worker that gets the job then.
/// </summary>
public abstract class UndoneClaimTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void FirstWorker_CannotBegin_WhatAnotherProcessHasBegunAndScheduledAgain()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(connection);
        UndoClaims();
        using var other = OpenAnother();
        using var otherConnection = (JobStorageConnection)other.GetConnection();
        using (var taken = Fetch(otherConnection))
            EndAs(other, otherConnection, taken, new ScheduledState(TimeSpan.FromHours(1)));

        BeginAsHangfire(connection, fetched);

        Assert.Equal("Scheduled", otherConnection.GetStateData(id).Name);
    }

    [Fact]
    public void FirstWorker_CannotBegin_WhatAnotherWorkerOfItsProcessHasScheduledAgain()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(connection);
        UndoClaims();
        using var otherConnection = (JobStorageConnection)Storage.GetConnection();
        using (var taken = Fetch(otherConnection))
            EndAs(Storage, otherConnection, taken, new ScheduledState(TimeSpan.FromHours(1)));

        BeginAsHangfire(connection, fetched);

        Assert.Equal("Scheduled", otherConnection.GetStateData(id).Name);
    }

    [Fact]
    public void FirstWorker_CannotTakeTheJob_FromTheWorkerOfItsProcessThatExecutesIt()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = (JobStorageConnection)Storage.GetConnection();
        var fetched = Fetch(connection);
        UndoClaims();
        using var otherConnection = (JobStorageConnection)Storage.GetConnection();
        using var taken = Fetch(otherConnection);
        Assert.True(Change(Storage, otherConnection, id, WorkerState.Processing, "Enqueued"));

        BeginAsHangfire(connection, fetched);
        fetched.RemoveFromQueue();
        fetched.Dispose();

        Assert.Equal(1, Storage.Queues().Single().Claimed);
        using var transaction = (JobStorageTransaction)otherConnection.CreateWriteTransaction();
        transaction.SetJobState(id, new DeletedState());
        transaction.RemoveFromQueue(taken);
        transaction.Commit();
        Assert.Equal("Deleted", otherConnection.GetStateData(id).Name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FirstExecution_IsToldToStop_WhenItsProcessGetsTheJobAgain(bool asksLater)
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var claims = Storage.OpenClaims(["default"], "server-1");
        using var first = Assert.Single(await claims.ClaimAsync(1, TestContext.Current.CancellationToken));
        Assert.True(asksLater || !first.Revoked.IsCancellationRequested);
        UndoClaims();
        Rows.Execute("UPDATE {s}job SET state = 'Enqueued', version = version - 1, state_data = NULL, started = NULL, started_at = NULL");

        using var second = Assert.Single(await claims.ClaimAsync(1, TestContext.Current.CancellationToken));

        Assert.Equal(first.JobId, second.JobId);
        await Until.TrueAsync(() => first.Revoked.IsCancellationRequested, "the first execution is told to stop");
        Assert.False(second.Revoked.IsCancellationRequested);
    }

    // A standby that is behind has the claim and lacks what followed: Hangfire's worker finds the job Enqueued and takes it for one that
    // another writer has moved.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Job_WaitsAgain_WhenAFailoverUndidItsStartAndKeptItsClaim(bool waitsElsewhere)
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using (var fetched = Fetch(connection))
        {
            Assert.True(Change(Storage, connection, id, WorkerState.Processing, "Enqueued"));
            Rows.Execute(
                """
                UPDATE {s}job SET state = 'Enqueued', version = version - 1, state_data = NULL, started = NULL, started_at = NULL
                """);
            if (waitsElsewhere)
                Rows.Execute("INSERT INTO {s}queue (queue, job_id, added_at) SELECT queue, job_id, added_at FROM {s}queue");
            Assert.ThrowsAny<InvalidOperationException>(
                () => Change(Storage, connection, id, WorkerState.Succeeded, "Processing"));
            Assert.False(Change(Storage, connection, id, WorkerState.Succeeded, "Processing"));
            fetched.RemoveFromQueue();
        }

        Assert.Equal((1, 0), (Rows.Count("{s}queue"), Rows.Count("{s}queue WHERE claimed_by IS NOT NULL")));
        using var again = Fetch(connection);
        Assert.Equal(id, again.JobId);
    }

    [Fact]
    public void Worker_Continues_WhenItsJobWasTouchedAndItStillHasTheClaim()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(connection);
        using (var other = Storage.GetConnection())
            other.SetJobParameter(id, "Note", "1");

        BeginAsHangfire(connection, fetched);

        Assert.Equal("Processing", connection.GetStateData(id).Name);
    }

    // As its worker does: several times, from the states a job may have in its queue.
    private void BeginAsHangfire(IStorageConnection connection, IFetchedJob fetched)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            try
            {
                if (Change(Storage, connection, fetched.JobId, WorkerState.Processing, "Enqueued", "Scheduled", "Processing"))
                    return;
            }
            catch (Exception exception) when (exception.GetType().Name == "WriteConflictException")
            {
                continue;
            }
        }
    }

    private static void EndAs(SqlJobStorage storage, JobStorageConnection connection, IFetchedJob fetched, IState end)
    {
        Assert.True(Change(storage, connection, fetched.JobId, WorkerState.Processing, "Enqueued"));
        Assert.True(Change(storage, connection, fetched.JobId, end, "Processing"));
        fetched.RemoveFromQueue();
    }

    private static bool Change(SqlJobStorage storage, IStorageConnection connection, string id, IState to, params string[] from) =>
        new BackgroundJobStateChanger(NoFilters).ChangeState(new StateChangeContext(storage, connection, id, to, from)) is not null;

    private void UndoClaims() =>
        Assert.Equal(1, Rows.Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL, deliveries = deliveries - 1"));
}
