using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class BegunByClaimOnPostgreSql() : BegunByClaimTests(static place => OnPostgreSql(place));

public sealed class BegunByClaimOnSqlite() : BegunByClaimTests(static place => OnSqlite(place));

/// <summary>The claim of a server is the beginning of the job: it puts the job into Processing, and no further commit says so.</summary>
public abstract class BegunByClaimTests(Func<Place, SqlJobStorage> open) : ClaimedJobTests(open)
{
    [Fact]
    public async Task Job_IsProcessingForEveryReader_AsSoonAsItIsClaimed()
    {
        Enqueue();
        using var job = await ClaimAsync();
        using var other = OpenAnother();
        using var connection = other.GetConnection();
        var monitoring = other.GetMonitoringApi();

        var state = connection.GetStateData(job.JobId);
        Assert.Equal((ProcessingState.StateName, null), (state.Name, state.Reason));
        Assert.Equal((Server, job.WorkerId), (state.Data["ServerId"], state.Data["WorkerId"]));
        // Hangfire's dashboard shows the first eight characters, and fails where there are fewer.
        Assert.InRange(job.WorkerId.Length, 8, 50);
        Assert.Equal(ProcessingState.StateName, connection.GetJobData(job.JobId).State);
        var listed = Assert.Single(monitoring.ProcessingJobs(0, 10));
        Assert.Equal((job.JobId, Server), (listed.Key, listed.Value.ServerId));
        Assert.Equal(JobHelper.DeserializeDateTime(state.Data["StartedAt"]), listed.Value.StartedAt);
        Assert.Equal((0, 1), (monitoring.GetStatistics().Enqueued, monitoring.GetStatistics().Processing));
        var found = Assert.Single(other.Find(new JobQuery { State = ProcessingState.StateName }).Jobs);
        Assert.Equal(found.StateAt, found.StartedAt);
        Assert.Equal(["Processing", "Enqueued"], HistoryOf(job.JobId));
    }

    [Fact]
    public async Task Processing_IsNotWrittenAgain_AndIsInTheHistoryOnce()
    {
        Enqueue();
        using var job = await ClaimAsync();
        var claimed = Row(job.JobId);

        Assert.True(Begin(job));
        Assert.Equal(claimed, Row(job.JobId));
        Assert.Equal(["Processing", "Enqueued"], HistoryOf(job.JobId));
        End(job);

        Assert.Equal("Succeeded", Row(job.JobId).State);
        Assert.Equal(claimed.Version + 1, Row(job.JobId).Version);
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], HistoryOf(job.JobId));
        Assert.Empty(StoredHistoryOf(job.JobId));
        Assert.Equal(job.WorkerId, Details(job.JobId).History[1].Data["WorkerId"]);
    }

    [Fact]
    public async Task Processing_IsTheNewestEntry_WhenTheClockOfTheEnqueuerIsAhead()
    {
        Enqueue();
        Rows.Execute("UPDATE {s}job SET enqueued_at = enqueued_at + 60000000");

        using var job = await ClaimAsync();

        Assert.Equal(["Processing", "Enqueued"], HistoryOf(job.JobId));
    }

    [Fact]
    public async Task Parameters_OfTheElection_AreWritten()
    {
        Enqueue();
        using var job = await ClaimAsync();

        Assert.True(Begin(job, new Elect(static context => context.SetJobParameter("Note", 1))));

        Assert.Equal("1", Details(job.JobId).Properties["Note"]);
        End(job);
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], HistoryOf(job.JobId));
    }

    [Fact]
    public async Task OtherState_OfTheElection_Holds()
    {
        Enqueue();
        using var job = await ClaimAsync();

        Assert.True(Begin(job, new Elect(static context => context.CandidateState = new ScheduledState(TimeSpan.FromHours(1)))));
        job.RemoveFromQueue();

        Assert.Equal("Scheduled", Row(job.JobId).State);
        // Hangfire records what was elected first.
        Assert.Equal(["Scheduled", "Processing", "Enqueued"], HistoryOf(job.JobId));
    }

    [Fact]
    public async Task Election_SeesTheStateBeforeTheClaim()
    {
        Enqueue();
        using var job = await ClaimAsync();
        string? seen = null;
        // A change of the row makes the connection read it again.
        using (var other = Storage.GetConnection())
            other.SetJobParameter(job.JobId, "Note", "1");

        Assert.True(Begin(job, new Elect(context => seen = context.CurrentState)));

        Assert.Equal(EnqueuedState.StateName, seen);
        Assert.Equal(ProcessingState.StateName, job.Connection.GetJobData(job.JobId).State);
    }

    [Fact]
    public async Task Job_OfAnotherState_IsClaimedAsItIs()
    {
        var id = Enqueue();
        Assert.True(Client.ChangeState(id, new DeletedState()));
        var before = Row(id);

        using var job = await ClaimAsync();

        Assert.Equal(before, Row(id));
        Assert.Equal(DeletedState.StateName, job.Connection.GetJobData(id).State);
        Assert.False(Begin(job));
    }

    [Fact]
    public async Task LockedJob_IsClaimedAsItIs_AndBegunWhenTheLockIsFree()
    {
        var id = Enqueue();
        using var other = Storage.GetConnection();
        var held = other.AcquireDistributedLock($"job:{id}:state-lock", Until.Limit);

        using var job = await ClaimAsync();

        Assert.Equal(EnqueuedState.StateName, Row(id).State);
        held.Dispose();
        Assert.True(Begin(job));
        Assert.Equal(ProcessingState.StateName, Row(id).State);
        End(job);
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], HistoryOf(id));
    }

    [Fact]
    public async Task DeletedJob_HasItsAttemptInTheHistory_AndItsServerCannotEndIt()
    {
        var id = Enqueue();
        using var job = await ClaimAsync();
        Begin(job);
        using (var other = OpenAnother())
            Assert.True(new BackgroundJobClient(other, NoFilters).ChangeState(id, new DeletedState()));

        Assert.False(End(job));

        Assert.Equal(DeletedState.StateName, Row(id).State);
        Assert.Equal(["Deleted", "Processing", "Enqueued"], HistoryOf(id));
    }

    // A crash of the database undid the first claim, and the second one has given the row the same version again.
    [Fact]
    public async Task Server_CannotMoveAJob_WhenItsClaimWasUndoneAndTheVersionIsTheSame()
    {
        var id = Enqueue();
        using var job = await ClaimAsync();
        var version = Row(id).Version;
        Rows.Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL, deliveries = deliveries - 1");
        Rows.Execute($"UPDATE {{s}}job SET state = 'Enqueued', started_at = NULL, started = NULL, version = {version - 1}");
        using var other = OpenAnother();
        using var claims = other.OpenClaims(["default"], "server-2");
        using var taken = Assert.Single(await claims.ClaimAsync(1, Cancelled));
        Assert.Equal(version, Row(id).Version);

        Assert.ThrowsAny<InvalidOperationException>(() => Change(job, new FailedState(new InvalidOperationException("no"))));

        Assert.Equal(ProcessingState.StateName, Row(id).State);
        Assert.True(Begin(taken));
        Assert.True(End(taken));
    }
}
