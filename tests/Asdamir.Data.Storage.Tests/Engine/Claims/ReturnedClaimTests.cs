using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class ReturnedClaimsOnPostgreSql() : ReturnedClaimTests(static place => OnPostgreSql(place));

public sealed class ReturnedClaimsOnSqlite() : ReturnedClaimTests(static place => OnSqlite(place));

/// <summary>A claim that its server gives back, and one whose process has died.</summary>
public abstract class ReturnedClaimTests(Func<Place, SqlJobStorage> open) : ClaimedJobTests(open)
{
    [Fact]
    public async Task LostJob_IsEnqueuedAgain_WithItsAttemptInTheHistory()
    {
        var id = Enqueue();

        using var lost = await LoseAsync();

        Assert.Equal(EnqueuedState.StateName, Row(id).State);
        Assert.Equal(["Enqueued", "Processing", "Enqueued"], StoredHistoryOf(id));
        var history = Details(id).History;
        Assert.Equal(ClaimReturns.Lost, history[0].Reason);
        Assert.Equal("default", history[0].Data["Queue"]);
        Assert.Equal(lost.WorkerId, history[1].Data["WorkerId"]);
        Assert.Equal((1, 0), (Storage.Queues().Single().Waiting, Storage.Queues().Single().Claimed));
    }

    [Fact]
    public async Task LostJob_IsProcessingForItsNextElection()
    {
        Enqueue();
        using var lost = await LoseAsync();

        using var other = OpenAnother();
        using var claims = other.OpenClaims(["default"], "server-2");
        using var job = Assert.Single(await claims.ClaimAsync(1, Cancelled));
        string? seen = null;
        Assert.True(Begin(job, new Elect(context => seen = context.CurrentState)));

        Assert.Equal(ProcessingState.StateName, seen);
        End(job);
        Assert.Equal(["Succeeded", "Processing", "Enqueued", "Processing", "Enqueued"], HistoryOf(job.JobId));
    }

    [Fact]
    public async Task LostJob_IsProcessingForItsNextElection_ByAWorkerOfHangfire()
    {
        Enqueue();
        using var lost = await LoseAsync();

        using var other = OpenAnother();
        using var connection = (JobStorageConnection)other.GetConnection();
        using var fetched = Fetch(connection);

        Assert.Equal(ProcessingState.StateName, connection.GetJobData(fetched.JobId).State);
        Assert.Equal(EnqueuedState.StateName, Row(fetched.JobId).State);
    }

    [Fact]
    public async Task LostJob_StaysProcessing_WhileAnotherClaimExecutesIt()
    {
        var id = Enqueue();
        using (var other = (JobStorageTransaction)((JobStorageConnection)Storage.GetConnection()).CreateWriteTransaction())
        {
            other.AddToQueue("default", id);
            other.Commit();
        }
        using var claims = Storage.OpenClaims(["default"], Server);
        var jobs = await claims.ClaimAsync(2, Cancelled);
        Assert.Equal([id, id], jobs.Select(static job => job.JobId));
        var version = Row(id).Version;

        jobs[1].Dispose();

        Assert.Equal((ProcessingState.StateName, version), (Row(id).State, Row(id).Version));
        jobs[0].Dispose();
        Assert.Equal(EnqueuedState.StateName, Row(id).State);
    }

    [Fact]
    public async Task Job_IsAsBefore_WhenItIsGivenBackUnstarted()
    {
        var id = Enqueue();
        var before = StateOf(id);
        var job = await ClaimAsync();

        job.Dispose();

        Assert.Equal(before, StateOf(id));
        Assert.Equal(["Enqueued"], HistoryOf(id));
    }

    [Fact]
    public async Task LostJob_IsStillKnownAsLost_WhenItIsGivenBackUnstarted()
    {
        Enqueue();
        using var lost = await LoseAsync();
        using var other = OpenAnother();
        using var claims = other.OpenClaims(["default"], "server-2");
        Assert.Single(await claims.ClaimAsync(1, Cancelled)).Dispose();

        using var job = Assert.Single(await claims.ClaimAsync(1, Cancelled));

        Assert.Equal(ProcessingState.StateName, job.Connection.GetJobData(job.JobId).State);
    }

    [Fact]
    public async Task Job_IsEnqueuedAgain_WithItsAttemptInTheHistory_WhenItIsGivenBackStarted()
    {
        var id = Enqueue();
        var job = await ClaimAsync();
        Begin(job);

        job.Dispose();

        Assert.Equal(EnqueuedState.StateName, Row(id).State);
        Assert.Equal(["Enqueued", "Processing", "Enqueued"], StoredHistoryOf(id));
        using var again = await ClaimAsync();
        Assert.Equal(EnqueuedState.StateName, again.Connection.GetJobData(id).State);
    }

    [Fact]
    public async Task LostJob_HasItsAttemptOnce_WhenItWasClaimedFromTwoQueues()
    {
        var id = Enqueue();
        using (var other = (JobStorageTransaction)((JobStorageConnection)Storage.GetConnection()).CreateWriteTransaction())
        {
            other.AddToQueue("other", id);
            other.Commit();
        }
        using var claims = Storage.OpenClaims(["default", "other"], Server);
        var jobs = await claims.ClaimAsync(2, Cancelled);
        Assert.Equal([id, id], jobs.Select(static job => job.JobId));
        Begin(jobs[0]);

        EndLeases();

        Assert.Equal(["Enqueued", "Processing", "Enqueued"], StoredHistoryOf(id));
    }

    // Its process dies after the job has started.
    private async Task<IClaimedJob> LoseAsync()
    {
        var job = await ClaimAsync();
        Begin(job);
        EndLeases();
        return job;
    }

    private void EndLeases()
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        Rows.Execute("DELETE FROM {s}lease");
        using var session = connection.Open.Engine.Database.Begin();
        new ClaimReturns(connection.Open.Engine.Database, session, HangfireStates.EnqueuedData).ReturnOrphans(isLost: true);
        session.Commit();
    }
}
