using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Actions;

public sealed class QueueActionOnSqlite() : QueueActionTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class QueueActionOnPostgreSql() : QueueActionTests(StorageKind.PostgreSql);

/// <summary>A queue is paused and resumed by an operator, and everybody who looks at it sees why.</summary>
public abstract class QueueActionTests(StorageKind kind) : MonitoringTests(kind)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PausedQueue_BeginsNoJob_AndShowsWhy_UntilItIsResumed()
    {
        var crm = await StartAsync(configure: static options => options.RunServer = true);
        Assert.Equal(
            HttpStatusCode.OK,
            (await crm.PostAsync("/queues/crm/pause", new { reason = " migration ", until = "2099-01-01T00:00:00+02:00" })).Status);
        var job = crm.Jobs.Enqueue<IdleJob>();
        var due = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromMilliseconds(1));
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });
        var triggered = crm.Jobs.TriggerRecurring("sweep")!;
        await Until.EqualAsync(3, () => Waiting(crm), "jobs that wait");

        var pause = (await crm.ReadAsync("/queues"))[0].GetProperty("pause");
        Assert.Equal(
            ("Queue", "crm", "migration", "2098-12-31T22:00:00Z"),
            (pause.Text("kind"), pause.Text("name"), pause.Text("reason"), pause.Text("until")));
        Assert.Equal("migration", (await crm.ReadAsync($"/jobs/{job}")).GetProperty("queuePause").Text("reason"));
        Assert.Equal("migration", (await crm.ReadAsync("/recurring-jobs/crm:sweep")).GetProperty("queuePause").Text("reason"));

        var resumed = await crm.PostAsync("/queues/crm/resume", new { reason = "done" });

        Assert.Equal((HttpStatusCode.OK, 1), (resumed.Status, resumed.Json.Number("done")));
        foreach (var id in new[] { job, due, triggered })
            await crm.UntilAsync(id, JobState.Succeeded);
        Assert.False((await crm.ReadAsync("/queues"))[0].TryGetProperty("pause", out _));
        Assert.Contains(
            "'crm' is not paused", (await crm.PostAsync("/queues/crm/resume")).Problem(HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JobThatIsExecuted_EndsWhileItsQueueIsPaused()
    {
        await using var host = await JobHost.StartAsync(
            static jobs => jobs.AddJob<GatedJob>(),
            options =>
            {
                options.AppQueue = "crm";
                (options.Storage.Provider, options.Storage.ConnectionString, options.Storage.Schema) =
                    (Kind.ToString(), ConnectionString, Schema);
            });
        var running = host.Jobs.Enqueue<GatedJob>();
        await host.Probe.NotedAsync("begun");
        var pauses = (IJobPauses)host.Storage;
        pauses.Pause(JobPauseKind.Queue, "crm");
        var waiting = host.Jobs.Enqueue<GatedJob>();

        host.Probe.Open("end");

        await host.WaitForAsync(running, JobState.Succeeded);
        Assert.Equal((JobState.Enqueued, 1), (host.Jobs.Find(waiting)!.State, host.Probe.Count("begun")));
        pauses.EndPause(JobPauseKind.Queue, "crm");
        await host.WaitForAsync(waiting, JobState.Succeeded);
    }

    [Fact]
    public async Task PauseOfAPausedQueue_ReplacesReasonAndEnd()
    {
        var crm = await StartAsync();
        await crm.PostAsync("/queues/crm/pause", new { reason = "first", until = "2099-01-01" });

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync("/queues/crm/pause", new { reason = "second" })).Status);

        var pause = (await crm.ReadAsync("/queues"))[0].GetProperty("pause");
        Assert.Equal("second", pause.Text("reason"));
        Assert.False(pause.TryGetProperty("until", out _));
    }

    [Fact]
    public async Task QueueWithoutAnApp_IsPaused_AndTheAnswerSaysSo()
    {
        var all = await StartAsync("");

        var answer = await all.PostAsync("/queues/not-deployed-yet/pause", new { reason = "first migrate" });

        Assert.Equal((HttpStatusCode.OK, 1), (answer.Status, answer.Json.Number("done")));
        Assert.Contains("no server has listened to it", answer.Json.Remarks().Single().Reason, StringComparison.Ordinal);
        Assert.Equal(["not-deployed-yet"], (await all.ReadAsync("/queues")).EnumerateArray().Select(static queue => queue.Text("name")));
        Assert.Empty((await all.PostAsync("/queues/not-deployed-yet/pause")).Json.Remarks());
        Assert.Equal(HttpStatusCode.OK, (await all.PostAsync("/queues/not-deployed-yet/resume")).Status);
        Assert.Empty((await all.ReadAsync("/queues")).EnumerateArray());
    }

    [Theory]
    [InlineData("CRM")]
    [InlineData("crm ")]
    [InlineData("a/b")]
    [InlineData("<b>")]
    [InlineData("crm%00")]
    [InlineData("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq")]
    public async Task NameThatNoQueueHas_IsRefused_AndNothingIsPaused(string name)
    {
        var all = await StartAsync("");

        (await all.PostAsync($"/queues/{Uri.EscapeDataString(name)}/pause")).Problem(HttpStatusCode.Conflict);

        Assert.Empty((await all.ReadAsync("/queues")).EnumerateArray());
    }

    [Fact]
    public async Task Actions_DoNotReachTheQueueOfAnotherApp()
    {
        var (crm, hr) = (await StartAsync(), await StartAsync("hr"));

        foreach (var action in new[] { "pause", "resume" })
            (await crm.PostAsync($"/queues/hr/{action}")).Problem(HttpStatusCode.NotFound);
        var result = await MonitorOf(crm).ExecuteAsync(
            new JobActionRequest { Kind = JobActionKind.PauseQueue, Queue = "hr" }, cancellationToken: Token);

        Assert.Equal((0, 1, "There is no queue 'hr'."), (result.Done, result.Skipped, result.Reason));
        Assert.False((await hr.ReadAsync("/queues"))[0].TryGetProperty("pause", out _));
    }

    [Theory]
    [InlineData("""{"until":"2020-01-01T00:00:00Z"}""", "until")]
    [InlineData("""{"until":"soon"}""", "until")]
    [InlineData("""{"until":"99999-01-01"}""", "until")]
    [InlineData("""{"until":7}""", "until")]
    [InlineData("""{"reason":["x"]}""", "reason")]
    public async Task BadBody_IsRefused(string body, string parameter)
    {
        var crm = await StartAsync();

        var answer = await crm.SendAsync(
            HttpMethod.Post, "/queues/crm/pause", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Api.Bearer);

        answer.ProblemOf(parameter);
        Assert.False((await crm.ReadAsync("/queues"))[0].TryGetProperty("pause", out _));
    }

    [Fact]
    public async Task LongReason_IsRefused()
    {
        var crm = await StartAsync();

        (await crm.PostAsync("/queues/crm/pause", new { reason = new string('x', 501) })).ProblemOf("reason");
        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync("/queues/crm/pause", new { reason = new string('x', 500) })).Status);

        var result = await MonitorOf(crm).ExecuteAsync(
            new JobActionRequest { Kind = JobActionKind.PauseQueue, Queue = "crm", Reason = new string('x', 501) },
            cancellationToken: Token);
        Assert.Contains("has 501 characters", result.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_NamesTheQueueAndTheEnd()
    {
        var crm = await StartAsync();
        var until = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var operation = MonitorOf(crm).Start(
            new JobActionRequest
            {
                Kind = JobActionKind.PauseQueue, Queue = "crm", Reason = "password=hunter2", User = "ada", Until = until,
            },
            Token);
        await operation.Completion.WaitAsync(Until.Limit, Token);

        Assert.True(operation.Progress.IsDone);
        Assert.Equal(
            (JobActionKind.PauseQueue, "crm until 2099-01-01T00:00:00Z", "password=•••", "ada"),
            (operation.Action.Kind, operation.Action.Target, operation.Action.Reason, operation.Action.User));
        var queue = Assert.Single(await MonitorOf(crm).GetQueuesAsync(cancellationToken: Token));
        Assert.Equal(("password=•••", "ada", until), (queue.Pause!.Reason, queue.Pause.By, queue.Pause.Until));
    }

    [Fact]
    public async Task Request_WithAWrongTarget_IsRefused()
    {
        var monitor = MonitorOf(await StartAsync());
        foreach (var request in (JobActionRequest[])
        [
            new() { Kind = JobActionKind.PauseQueue },
            new() { Kind = JobActionKind.PauseQueue, Queue = "" },
            new() { Kind = JobActionKind.PauseQueue, RecurringJobId = "crm:sweep" },
            new() { Kind = JobActionKind.PauseQueue, Queue = "crm", RecurringJobId = "crm:sweep" },
            new() { Kind = JobActionKind.ResumeQueue, Queue = "crm", Until = DateTimeOffset.MaxValue },
            new() { Kind = JobActionKind.Pause, Queue = "crm" },
            new() { Kind = JobActionKind.Pause, RecurringJobId = "crm:sweep", Until = DateTimeOffset.MaxValue },
            new() { Kind = JobActionKind.Delete, Jobs = [new JobReference { Id = "1" }], Queue = "crm" },
        ])
        {
            await Assert.ThrowsAsync<ArgumentException>(() => monitor.ExecuteAsync(request, cancellationToken: Token));
        }
    }

    [Fact]
    public async Task EndThatHasPassed_IsRefused_AndTheQueueIsNotPaused()
    {
        var monitor = MonitorOf(await StartAsync());

        var result = await monitor.ExecuteAsync(
            new JobActionRequest { Kind = JobActionKind.PauseQueue, Queue = "crm", Until = DateTimeOffset.UnixEpoch },
            cancellationToken: Token);

        Assert.Contains("has passed by the clock of the database", result.Reason, StringComparison.Ordinal);
        Assert.Null((await monitor.GetQueuesAsync(cancellationToken: Token))[0].Pause);
    }

    [Fact]
    public async Task PausedQueueWithoutAServer_IsNoticed_AndIsNoFault()
    {
        var crm = await StartAsync();
        var job = crm.Jobs.Enqueue<IdleJob>();
        Assert.Contains(JobFindingKind.QueueWithoutServer, await KindsAsync(crm));
        Assert.True((await MonitorOf(crm).GetQueuesAsync(cancellationToken: Token))[0].IsUnserved);

        await crm.PostAsync("/queues/crm/pause", new { reason = "migration" });

        var findings = (await MonitorOf(crm).DiagnoseAsync(cancellationToken: Token)).Findings;
        var finding = findings.Single(static finding => finding.Kind == JobFindingKind.QueuePaused);
        Assert.DoesNotContain(findings, static finding => finding.Kind == JobFindingKind.QueueWithoutServer);
        Assert.Equal((JobFindingSeverity.Notice, "queue crm", 1), (finding.Severity, finding.Target, finding.Jobs));
        Assert.Contains("(migration). Jobs that wait: 1", finding.Message, StringComparison.Ordinal);
        Assert.False((await MonitorOf(crm).GetQueuesAsync(cancellationToken: Token))[0].IsUnserved);
        Assert.False((await crm.ReadAsync($"/jobs/{job}")).TryGetProperty("unservedQueue", out _));
    }

    private static IJobMonitor MonitorOf(WebHost app) => app.Services.GetRequiredService<IJobMonitor>();

    private static async Task<IEnumerable<JobFindingKind>> KindsAsync(WebHost app) =>
        (await MonitorOf(app).DiagnoseAsync(cancellationToken: Token)).Findings.Select(static finding => finding.Kind);

    private sealed class GatedJob(Probe probe) : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("begun");
            await probe.GateAsync("end", ct);
            return JobResult.Success();
        }
    }

    private static long Waiting(WebHost app) => ((IJobSearch)app.Storage).Queues().Sum(static queue => queue.Waiting);
}

/// <summary>A storage of another package.</summary>
public sealed class QueueActionInMemory() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task Pause_IsRefusedWithAFix_AndTheQueueGoesOn()
    {
        var crm = await StartAsync(configure: static options => options.RunServer = true);

        foreach (var action in new[] { "pause", "resume" })
        {
            var refusal = (await crm.PostAsync($"/queues/crm/{action}")).Problem(HttpStatusCode.Conflict);
            Assert.Contains("cannot pause queues. Fix: use SqliteJobStorage or PostgreSqlJobStorage", refusal, StringComparison.Ordinal);
        }

        var job = crm.Jobs.Enqueue<IdleJob>();
        await crm.UntilAsync(job, JobState.Succeeded);
        Assert.False((await crm.ReadAsync("/queues"))[0].TryGetProperty("pause", out _));
    }
}
