using Asdamir.Data.Storage.Claims;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.Storage.Tests.Claims;

[NeedsPostgreSql]
public sealed class BegunByClaimOnPostgreSql() : BegunByClaimTests(static place => OnPostgreSql(place));

public sealed class BegunByClaimOnSqlite() : BegunByClaimTests(static place => OnSqlite(place));

/// <summary>The claim of a server is the beginning of the job: it puts the job into Processing, and no further commit says so.</summary>
public abstract class BegunByClaimTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private const string Server = "server-1";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

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
        Assert.Equal(["Enqueued"], StoredHistoryOf(job.JobId));
        End(job);

        Assert.Equal("Succeeded", Row(job.JobId).State);
        Assert.Equal(claimed.Version + 1, Row(job.JobId).Version);
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StoredHistoryOf(job.JobId));
        Assert.Equal(job.WorkerId, Details(job.JobId).History[1].Data["WorkerId"]);
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
    public async Task LostJob_IsEnqueuedAgain_WithItsAttemptInTheHistory()
    {
        var id = Enqueue();
        using var lost = await ClaimAsync();
        Begin(lost);

        EndLeases();

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
        using var lost = await ClaimAsync();
        Begin(lost);
        EndLeases();

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
        using var lost = await ClaimAsync();
        Begin(lost);
        EndLeases();

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
        using var lost = await ClaimAsync();
        Begin(lost);
        EndLeases();
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
        Assert.Equal(["Deleted", "Processing", "Enqueued"], StoredHistoryOf(id));
    }

    // A crash of the database undid the first claim, and the second one has given the row the same version again.
    [Fact]
    public async Task Server_CannotMoveAJob_WhenItsClaimWasUndoneAndTheVersionIsTheSame()
    {
        var id = Enqueue();
        using var job = await ClaimAsync();
        var version = Row(id).Version;
        Rows.Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL, deliveries = deliveries - 1");
        Rows.Execute($"UPDATE {{s}}job SET state = 'Enqueued', version = {version - 1}");
        using var other = OpenAnother();
        using var claims = other.OpenClaims(["default"], "server-2");
        using var taken = Assert.Single(await claims.ClaimAsync(1, Cancelled));
        Assert.Equal(version, Row(id).Version);

        Assert.ThrowsAny<InvalidOperationException>(() => Change(job, new FailedState(new InvalidOperationException("no"))));

        Assert.Equal(ProcessingState.StateName, Row(id).State);
        Assert.True(Begin(taken));
        Assert.True(End(taken));
    }

    private string Enqueue() => Client.Create(SampleJobs.Text("x"), new EnqueuedState());

    private async Task<IClaimedJob> ClaimAsync()
    {
        using var claims = Storage.OpenClaims(["default"], Server);
        return Assert.Single(await claims.ClaimAsync(1, Cancelled));
    }

    // As its server does.
    private bool Begin(IClaimedJob job, params JobFilterAttribute[] filters) =>
        Change(job, WorkerState.ProcessingOf(job), filters, "Enqueued", "Processing");

    private bool End(IClaimedJob job)
    {
        var isChanged = false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                isChanged = Change(job, WorkerState.Succeeded, [], "Processing");
                break;
            }
            catch (Exception exception) when (exception.GetType().Name is "WriteConflictException" && attempt < 5)
            {
            }
        }
        job.RemoveFromQueue();
        return isChanged;
    }

    private bool Change(IClaimedJob job, IState state, JobFilterAttribute[]? filters = null, params string[] from)
    {
        var collection = new JobFilterCollection();
        foreach (var filter in filters ?? [])
            collection.Add(filter);
        return new BackgroundJobStateChanger(collection)
            .ChangeState(new StateChangeContext(Storage, job.Connection, job.JobId, state, from.Length == 0 ? null : from)) is not null;
    }

    private void EndLeases()
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        Rows.Execute("DELETE FROM {s}lease");
        using var session = connection.Engine.Database.Begin();
        new ClaimReturns(connection.Engine.Database, session).ReturnOrphans(isLost: true);
        session.Commit();
    }

    private (string State, long Version) Row(string id) =>
        Rows.Query($"SELECT state, version FROM {{s}}job WHERE id = {id}", static row => (row.GetString(0), row.GetInt64(1))).Single();

    private string StateOf(string id) =>
        Rows.Query(
            $"SELECT state, state_at, coalesce(state_reason, ''), state_data FROM {{s}}job WHERE id = {id}",
            static row => $"{row.GetString(0)} {row.GetInt64(1)} {row.GetString(2)} {row.GetString(3)}").Single();

    private List<string> StoredHistoryOf(string id) =>
        [.. Rows.Query($"SELECT name FROM {{s}}state WHERE job_id = {id} ORDER BY id DESC", static row => row.GetString(0))];

    private JobDetailsDto Details(string id) => Storage.GetMonitoringApi().JobDetails(id);

    private List<string> HistoryOf(string id) => [.. Details(id).History.Select(static entry => entry.StateName)];

    private sealed class Elect(Action<ElectStateContext> elect) : JobFilterAttribute, IElectStateFilter
    {
        public void OnStateElection(ElectStateContext context) => elect(context);
    }
}
