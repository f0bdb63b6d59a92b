using System.Text.Json;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class WorkflowStorageOnPostgreSql() : WorkflowStorageTests(static place => OnPostgreSql(place))
{
    [Fact]
    public async Task Workflow_ExistsExactlyWhenTheTransactionOfItsCallerCommits_AndIsMovedInOne()
    {
        await using var connection = new Npgsql.NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(Token);
        string id;
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            id = await CreateAsync((IBatchingJobStorage)((PostgreSqlJobStorage)Storage).InTransaction(transaction), [], [0]);
            Assert.Null(Storage.FindWorkflow(id));
            await transaction.RollbackAsync(Token);
        }
        Assert.Null(Storage.FindWorkflow(id));

        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            id = await CreateAsync((IBatchingJobStorage)((PostgreSqlJobStorage)Storage).InTransaction(transaction), [], [0]);
            await transaction.CommitAsync(Token);
        }
        Assert.Equal((2, 1), (Storage.FindWorkflow(id)!.Members, Storage.FindWorkflow(id)!.Waiting));
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            var within = ((PostgreSqlJobStorage)Storage).InTransaction(transaction);
            using (var inside = within.GetConnection())
            using (var write = inside.CreateWriteTransaction())
            {
                write.SetJobState(JobsOf(id)[0], new SucceededState(null, 1, 1));
                write.Commit();
            }
            Assert.Equal("Awaiting", StateOf(JobsOf(id)[1]));
            await transaction.CommitAsync(Token);
        }
        Assert.Equal("Enqueued", StateOf(JobsOf(id)[1]));
    }
}

public sealed class WorkflowStorageOnSqlite() : WorkflowStorageTests(static place => OnSqlite(place));

public abstract class WorkflowStorageTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writer_ThatDoesNotKnowTheRow_MovesTheWorkflow()
    {
        var id = await CreateAsync(Storage, [], [0], [0, 1]);
        var jobs = JobsOf(id);

        Enter(jobs[0], new SucceededState(null, 1, 1));
        Assert.Equal(("Enqueued", "Awaiting"), (StateOf(jobs[1]), StateOf(jobs[2])));
        // Repeated, nothing is counted twice.
        Enter(jobs[0], new SucceededState(null, 1, 1));
        Assert.Equal((1, 1), (Storage.FindWorkflow(id)!.Succeeded, Storage.FindWorkflow(id)!.Waiting));
        Assert.Equal("Awaiting", StateOf(jobs[2]));
        Enter(jobs[0], new EnqueuedState());
        Enter(jobs[0], new SucceededState(null, 1, 1));
        Assert.Equal("Awaiting", StateOf(jobs[2]));
        Enter(jobs[1], new SucceededState(null, 1, 1));

        Assert.Equal("Enqueued", StateOf(jobs[2]));
        // That of the first job is still there: nobody has fetched it.
        Assert.Equal(3, Rows.Count("{s}queue"));
    }

    [Fact]
    public async Task WaitingJob_ThatIsMovedByHand_WaitsForNothingAnyMore()
    {
        var id = await CreateAsync(Storage, [], [0]);
        var jobs = JobsOf(id);

        Assert.True(Client.Requeue(jobs[1]));
        Enter(jobs[0], new SucceededState(null, 1, 1));

        var status = Storage.FindWorkflow(id)!;
        Assert.Equal((0, 1, 1), (status.Waiting, status.Succeeded, status.Running));
        Assert.Equal(1, Rows.Count($"{{s}}queue WHERE job_id = {jobs[1]}"));
    }

    [Fact]
    public async Task Jobs_AreKept_UntilTheirWorkflowIsOver_AndThenItGoesWithThem()
    {
        var id = await CreateAsync(Storage, [], [0]);
        var other = await CreateAsync(Storage, [], [0]);
        var jobs = JobsOf(id);
        Enter(jobs[0], new SucceededState(null, 1, 1));
        Rows.Execute($"UPDATE {{s}}job SET expire_at = 1 WHERE id = {jobs[0]}");
        DeleteExpired();
        Assert.Equal(1, Rows.Count($"{{s}}job WHERE id = {jobs[0]} AND expire_at > 1"));

        Enter(jobs[1], new SucceededState(null, 1, 1));
        Assert.NotNull(Storage.FindWorkflow(id)!.FinishedAt);
        Rows.Execute($"UPDATE {{s}}job SET expire_at = 1 WHERE id = {jobs[0]}");
        DeleteExpired();
        Assert.Equal([jobs[1]], JobsOf(id));
        Rows.Execute($"UPDATE {{s}}job SET expire_at = 1 WHERE id = {jobs[1]}");
        DeleteExpired();

        Assert.Null(Storage.FindWorkflow(id));
        Assert.NotNull(Storage.FindWorkflow(other));
        Assert.Equal((1, 2, 1), (Rows.Count("{s}workflow"), Rows.Count("{s}workflow_member"), Rows.Count("{s}workflow_edge")));
    }

    [Fact]
    public async Task FailedWorkflow_KeepsItsJobs_WhileOthersWait()
    {
        var id = await CreateAsync(Storage, [], [], [0, 1]);
        var jobs = JobsOf(id);
        Enter(jobs[0], new SucceededState(null, 1, 1));
        Enter(jobs[1], new FailedState(new InvalidOperationException("no")));
        Assert.NotNull(Storage.FindWorkflow(id)!.FinishedAt);

        Rows.Execute($"UPDATE {{s}}job SET expire_at = 1 WHERE id = {jobs[0]}");
        DeleteExpired();

        Assert.Equal(3, JobsOf(id).Length);
    }

    [Fact]
    public async Task Cancellation_DeletesWhatHasNotBegun_AndNamesTheRest()
    {
        var id = await CreateAsync(Storage, [], [], [0], [0, 1], [3]);
        var jobs = JobsOf(id);
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var worked = new WorkedJob(Storage, connection, Fetch(connection));
        worked.Begin();

        var rest = Storage.CancelWorkflow(id, "kim", "Not needed");

        Assert.Equal([worked.Id], rest);
        Assert.Equal(
            Enumerable.Repeat("Deleted", 4), jobs.Where(job => job != worked.Id).Select(StateOf));
        var status = Storage.FindWorkflow(id)!;
        Assert.Equal(
            (0, 4, 1, "kim", "Not needed"),
            (status.Waiting, status.Deleted, status.Running, status.CancelledBy, status.CancelReason));
        Assert.Equal(
            "Its workflow was cancelled by kim: Not needed", Storage.GetMonitoringApi().JobDetails(jobs[4]).History[0].Reason);
        Assert.Equal(4, Storage.GetMonitoringApi().GetStatistics().Deleted);
        worked.End();
        Assert.NotNull(Storage.FindWorkflow(id)!.FinishedAt);
        Assert.Empty(Storage.CancelWorkflow(id, "joe")!);
        Assert.Equal("kim", Storage.FindWorkflow(id)!.CancelledBy);
        Assert.Null(Storage.CancelWorkflow("4711", "kim"));
        Assert.Null(Storage.CancelWorkflow("x", "kim"));
    }

    [Fact]
    public async Task Reads_AreInPages()
    {
        var first = await CreateAsync(Storage, [], [0], [0, 1]);
        var second = await CreateAsync(Storage, []);

        Assert.Equal([second, first], Storage.ListWorkflows().Select(static flow => flow.Id));
        Assert.Equal([first], Storage.ListWorkflows("default", before: second).Select(static flow => flow.Id));
        Assert.Equal([second], Storage.ListWorkflows(count: 1).Select(static flow => flow.Id));
        Assert.Empty(Storage.ListWorkflows("other"));
        Assert.Empty(Storage.ListWorkflows(before: "x"));
        var jobs = JobsOf(first);
        Assert.Equal(jobs[1..], Storage.WorkflowMembers(first, after: jobs[0]).Select(static job => job.JobId));
        Assert.Equal(
            [(0L, "Enqueued"), (1, "Awaiting"), (2, "Awaiting")],
            Storage.WorkflowMembers(first).Select(static job => (job.Open, job.State!)));
        Assert.Equal(
            [new(jobs[0], jobs[1], JobWorkflowCondition.Succeeded), new(jobs[0], jobs[2], JobWorkflowCondition.Succeeded)],
            Storage.WorkflowEdges([jobs[0], "x"], 10));
        Assert.Single(Storage.WorkflowEdges(jobs, 1));
        Assert.Equal(jobs[..2], Storage.WorkflowParents(jobs[2]).Select(static job => job.JobId));
        Assert.Null(Storage.FindWorkflow("x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Storage.ListWorkflows(count: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Storage.WorkflowMembers(first, count: 1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => Storage.WorkflowEdges(jobs, 10_001));
    }

    [Fact]
    public async Task Batch_RefusesWhatItDoesNotHave()
    {
        await using var batch = await Storage.CreateBatchAsync(1, Token);
        var id = batch.AddWorkflow("default", "flow");

        Assert.Throws<ArgumentException>(() => batch.AddWorkflow("default", " "));
        Assert.Throws<ArgumentException>(() => batch.AddToWorkflow("4711", "1", [], JobWorkflowCondition.Succeeded));
        Assert.Throws<ArgumentException>(() => batch.AddToWorkflow(id, "x", [], JobWorkflowCondition.Succeeded));
        Assert.Throws<ArgumentException>(() => batch.SetWorkflowEnd(id, "0"));
    }

    /// <param name="parents">For each job the places of those it waits for.</param>
    private protected static async Task<string> CreateAsync(IBatchingJobStorage storage, params int[][] parents)
    {
        await using var batch = await storage.CreateBatchAsync(parents.Length + 1, Token);
        var id = batch.AddWorkflow("default", "flow");
        using var connection = (JobStorageConnection)batch.GetConnection();
        List<string> jobs = [];
        foreach (var places in parents)
        {
            var job = connection.CreateExpiredJob(
                SampleJobs.Text("x"), new Dictionary<string, string> { [JobWorkflows.Parameter] = JsonSerializer.Serialize(id) },
                DateTime.UtcNow, TimeSpan.FromDays(1));
            using var transaction = connection.CreateWriteTransaction();
            transaction.SetJobState(job, places.Length == 0 ? new EnqueuedState() : new Waiting());
            if (places.Length == 0)
                transaction.AddToQueue("default", job);
            transaction.Commit();
            batch.AddToWorkflow(id, job, [.. places.Select(place => jobs[place])], JobWorkflowCondition.Succeeded);
            jobs.Add(job);
        }
        await batch.CommitAsync(Token);
        return id;
    }

    private protected string[] JobsOf(string id) => [.. Storage.WorkflowMembers(id).Select(static job => job.JobId)];

    private protected string StateOf(string job) => Storage.GetMonitoringApi().JobDetails(job).History[0].StateName;

    // Without a lock, as any code on Hangfire's interfaces may.
    private void Enter(string job, IState state)
    {
        using var connection = Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(job, state);
        transaction.Commit();
    }

    private void DeleteExpired()
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        ExpiredRows.DeleteJobs(connection.Open.Engine.Database, 100);
    }

    private sealed class Waiting : IState
    {
        public string Name => AwaitingState.StateName;

        public string? Reason => null;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() => [];
    }
}
