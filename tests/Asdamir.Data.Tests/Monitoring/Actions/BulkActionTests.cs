using System.Net;
using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Actions;

public sealed class BulkActionInMemory() : BulkActionTests(StorageKind.InMemory);

public sealed class BulkActionOnSqlite() : BulkActionTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class BulkActionOnPostgreSql() : BulkActionTests(StorageKind.PostgreSql);

/// <summary>Many jobs: the request is answered at once, and the action continues.</summary>
public abstract class BulkActionTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Requeue_ByFilter_MovesExactlyTheMatchingJobs_AndReports()
    {
        var crm = await StartAsync();
        var wanted = new[] { Fail<OtherJob>(crm, "disk is full"), Fail<OtherJob>(crm, "disk is full") };
        var others = new[] { Fail<OtherJob>(crm), Fail(crm, "disk is full"), Put<OtherJob>(crm, new DeletedState()) };
        var theirs = Fail<OtherJob>(await StartAsync("hr"), "disk is full");

        var answer = await crm.PostAsync(
            "/jobs/requeue", new { filter = new { state = "Failed", name = "OtherJob", q = "disk" }, reason = "room again" });
        var operation = await EndAsync(crm, answer);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(("Requeue", (2, 0, 0)), (operation.Text("kind"), Counts(operation)));
        Assert.Equal("""{"state":"Failed","name":"OtherJob","q":"disk"}""", operation.Text("target"));
        Assert.Equal(answer.Json.Text("id"), operation.Text("id"));
        Assert.All(
            wanted, jobId => Assert.Equal((JobState.Enqueued, "room again"), (crm.Jobs.Find(jobId)!.State, crm.Jobs.Find(jobId)!.Reason)));
        Assert.All(others, jobId => Assert.NotEqual(JobState.Enqueued, crm.Jobs.Find(jobId)!.State));
        Assert.Equal("Failed", crm.Storage.GetMonitoringApi().JobDetails(theirs).History[0].StateName);
    }

    [Fact]
    public async Task Delete_ByFilter_GoesThroughEveryChunk()
    {
        var crm = await StartAsync();
        var jobs = crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("x", 450));

        var operation = await EndAsync(crm, await crm.PostAsync("/jobs/delete", new { filter = new { state = "Enqueued" } }));

        Assert.Equal((450, 0, 0), Counts(operation));
        Assert.All(jobs, jobId => Assert.Equal(JobState.Deleted, crm.Jobs.Find(jobId)!.State));
    }

    [Fact]
    public async Task Delete_ByFilter_TakesDueRunsToo_AsTheyAreShownAsEnqueued()
    {
        var crm = await StartAsync(configure: options => options.RunServer = false);
        var jobId = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        MakeDue(crm, jobId);
        Assert.Contains(jobId, (await crm.ReadAsync("/jobs?state=Enqueued")).Ids());

        var operation = await EndAsync(crm, await crm.PostAsync("/jobs/delete", new { filter = new { state = "Enqueued" } }));

        Assert.Equal((1, 0, 0), Counts(operation));
        Assert.Equal(JobState.Deleted, crm.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Actions_ByFilter_LeaveRunsAlone_ThatFailAfterTheRequest()
    {
        // The action waits in the audit until a further run has failed.
        using var audit = new WaitingAudit();
        var crm = await StartAsync(services: services => services.AddSingleton<IJobActionAudit>(audit));
        var before = Fail(crm);

        var answer = await crm.PostAsync("/jobs/delete", new { filter = new { state = "Failed", to = "2099-01-01T00:00:00Z" } });
        audit.Reached.Wait(TestContext.Current.CancellationToken);
        var after = Fail(crm);
        Assert.False((await OperationAsync(crm, answer)).GetProperty("finished").GetBoolean());
        audit.Gate.Set();
        var operation = await EndAsync(crm, answer);

        Assert.Equal((1, 0, 0), Counts(operation));
        Assert.Equal((JobState.Deleted, JobState.Failed), (crm.Jobs.Find(before)!.State, crm.Jobs.Find(after)!.State));
    }

    [Fact]
    public async Task Actions_ByManyIds_GoOn_ReportTheirProgress_AndKeepAHundredRemarks()
    {
        var crm = await StartAsync();
        var failed = Enumerable.Range(0, 60).Select(_ => Fail(crm)).ToList();
        var queued = crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("x", 150));

        var answer = await crm.PostAsync("/jobs/requeue", new { ids = failed.Concat(queued) });
        var operation = await EndAsync(crm, answer);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal((60, 150, 0), Counts(operation));
        Assert.Equal(100, operation.GetProperty("report").Remarks().Count());
    }

    [Fact]
    public async Task Actions_OnNothing_ReportNothing()
    {
        var crm = await StartAsync();

        Assert.Equal(
            (0, 0, 0), Counts(await EndAsync(crm, await crm.PostAsync("/jobs/delete", new { filter = new { state = "Failed" } }))));
    }

    private static (int Done, int Skipped, int Failed) Counts(JsonElement operation)
    {
        Assert.False(operation.TryGetProperty("error", out var error), $"{error}");
        var report = operation.GetProperty("report");
        return (report.Number("done"), report.Number("skipped"), report.Number("failed"));
    }

    private static async Task<JsonElement> EndAsync(WebHost app, Answer answer)
    {
        JsonElement operation = default;
        await Until.TrueAsync(
            async () => (operation = await OperationAsync(app, answer)).GetProperty("finished").GetBoolean(), "the action has finished",
            () => Task.FromResult($"{operation}"));
        return operation;
    }

    private static async Task<JsonElement> OperationAsync(WebHost app, Answer answer) =>
        await app.ReadAsync(answer.Headers.Location!.ToString());

    // As Hangfire's scheduler does it: into the queue, without a new state.
    private static void MakeDue(WebHost app, string jobId)
    {
        StoredStates.Put(app.Storage, jobId, new ScheduledState(DateTime.UtcNow.AddMinutes(-1)));
        using var connection = app.Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.AddToQueue("crm", jobId);
        transaction.Commit();
    }

    private sealed class WaitingAudit : IJobActionAudit, IDisposable
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Gate { get; } = new();

        public ValueTask IntendedAsync(JobAction action, CancellationToken cancellationToken)
        {
            Reached.Set();
            Gate.Wait(Until.Limit, cancellationToken);
            return ValueTask.CompletedTask;
        }

        public ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;

        public void Dispose()
        {
            Reached.Dispose();
            Gate.Dispose();
        }
    }
}
