using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;

namespace Asdamir.Data.Tests.Scheduling.Workflows;

public sealed class WorkflowsOnSqlite() : WorkflowTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class WorkflowsOnPostgreSql() : WorkflowTests(StorageKind.PostgreSql);

public abstract class WorkflowTests(StorageKind kind) : WorkflowHost(kind)
{
    [Fact]
    public async Task Nothing_IsStoredBeforeTheCommit()
    {
        await using var host = await StartClientAsync();
        await using (var flow = host.Jobs.NewWorkflow("given up"))
            flow.Add<WorkJob, Work>(new Work("a"));

        Assert.Empty(WorkflowsOf(host).ListWorkflows());
        Assert.Equal(0, host.Storage.GetMonitoringApi().GetStatistics().Enqueued);
    }

    [Fact]
    public async Task Jobs_BeginAfterTheirParents_AndSeeWhatThoseReturned()
    {
        await using var host = await StartAsync();
        await using var flow = host.Jobs.NewWorkflow("close month");
        var load = flow.Add<WorkJob, Work>(new Work("load", Waits: true));
        var parts = flow.AddMany<WorkJob, Work>([new Work("part 1", Waits: true), new Work("part 2")], after: load);
        var report = flow.Add<ReportJob>(after: parts);
        var id = await flow.CommitAsync(Token);

        await host.Probe.NotedAsync("load in");
        Assert.All(parts.JobIds, job => Assert.Equal(JobState.Awaiting, host.Jobs.Find(job)!.State));
        Assert.Equal((4, 3, 1), (StatusOf(host, id).Members, StatusOf(host, id).Waiting, StatusOf(host, id).Running));
        host.Probe.Open("load");
        await host.WaitForAsync(parts.JobIds[1], JobState.Succeeded);
        Assert.Equal(JobState.Awaiting, host.Jobs.Find(report.JobIds[0])!.State);
        host.Probe.Open("part 1");
        await host.WaitForAsync(report.JobIds[0], JobState.Succeeded);
        await FinishedAsync(host, id);

        Assert.Equal(
            [$"{id}: WorkJob Succeeded part 1", $"{id}: WorkJob Succeeded part 2", "report"], host.Probe.Notes.TakeLast(3));
        Assert.Equal((4, 0, 4), (StatusOf(host, id).Members, StatusOf(host, id).Waiting, StatusOf(host, id).Succeeded));
        Assert.Equal(
            ["Awaiting", "Enqueued", "Processing", "Succeeded"],
            host.Storage.GetMonitoringApi().JobDetails(report.JobIds[0]).History.Reverse().Select(static state => state.StateName));
        using var connection = host.Storage.GetConnection();
        Assert.Empty(connection.GetAllItemsFromSet("awaiting"));
    }

    [Fact]
    public async Task Failure_KeepsThoseAfterASuccessWaiting_UntilARequeueSucceeds()
    {
        await using var host = await StartAsync();
        await using var flow = host.Jobs.NewWorkflow("fails");
        var failing = flow.Add<WorkJob, Work>(new Work("failing", Fails: true));
        var after = flow.Add<WorkJob, Work>(new Work("after"), after: failing);
        var always = flow.Add<WorkJob, Work>(new Work("always"), after: failing, when: After.Finished);
        var repair = flow.Add<WorkJob, Work>(new Work("repair"), after: failing, when: After.Failed);
        var id = await flow.CommitAsync(Token);

        foreach (var job in new[] { always, repair })
            await host.WaitForAsync(job.JobIds[0], JobState.Succeeded);
        await FinishedAsync(host, id);
        Assert.Equal(JobState.Awaiting, host.Jobs.Find(after.JobIds[0])!.State);
        Assert.Equal((1, 1, 2), (StatusOf(host, id).Waiting, StatusOf(host, id).Failed, StatusOf(host, id).Succeeded));

        host.Probe.Open("works");
        Assert.True(host.Jobs.Requeue(failing.JobIds[0]).IsDone);
        await host.WaitForAsync(after.JobIds[0], JobState.Succeeded);
        await FinishedAsync(host, id);

        Assert.Equal((0, 0, 4), (StatusOf(host, id).Waiting, StatusOf(host, id).Failed, StatusOf(host, id).Succeeded));
        Assert.Equal((1, 1), (host.Probe.Count("always in"), host.Probe.Count("repair in")));
    }

    [Fact]
    public async Task Success_DeletesThoseAfterAFailure_AndThoseAfterThem()
    {
        await using var host = await StartAsync();
        await using var flow = host.Jobs.NewWorkflow("goes well");
        var good = flow.Add<WorkJob, Work>(new Work("good"));
        var repair = flow.Add<WorkJob, Work>(new Work("repair"), after: good, when: After.Failed);
        var afterRepair = flow.Add<WorkJob, Work>(new Work("after repair"), after: repair);
        var last = flow.Add<WorkJob, Work>(new Work("last"), after: afterRepair, when: After.Finished);
        var id = await flow.CommitAsync(Token);

        await host.WaitForAsync(last.JobIds[0], JobState.Succeeded);
        await FinishedAsync(host, id);

        foreach (var job in new[] { repair, afterRepair })
        {
            Assert.Equal(
                (JobState.Deleted, "A job before it in its workflow ended, and its condition cannot be met any more"),
                (host.Jobs.Find(job.JobIds[0])!.State, host.Jobs.Find(job.JobIds[0])!.Reason));
        }
        Assert.Equal((2, 2), (StatusOf(host, id).Succeeded, StatusOf(host, id).Deleted));
        Assert.Equal(2, host.Storage.GetMonitoringApi().GetStatistics().Deleted);
        var details = host.Storage.GetMonitoringApi().JobDetails(repair.JobIds[0]);
        Assert.Equal(["Awaiting", "Deleted"], details.History.Reverse().Select(static state => state.StateName));
        Assert.True(details.ExpireAt > DateTime.UtcNow);
    }

    [Fact]
    public async Task Deletion_DeletesThoseAfterASuccess_AndCountsAsAnEnd()
    {
        await using var host = await StartClientAsync();
        await using var flow = host.Jobs.NewWorkflow("deleted");
        var first = flow.AddMany<WorkJob, Work>([new Work("1"), new Work("2")]);
        var after = flow.Add<WorkJob, Work>(new Work("after"), after: first);
        var always = flow.Add<WorkJob, Work>(new Work("always"), after: first, when: After.Finished);
        var id = await flow.CommitAsync(Token);

        Assert.True(host.Jobs.Delete(first.JobIds[0]).IsDone);
        Assert.Equal(JobState.Deleted, host.Jobs.Find(after.JobIds[0])!.State);
        Assert.Equal(JobState.Awaiting, host.Jobs.Find(always.JobIds[0])!.State);
        Assert.True((await host.Jobs.DeleteAsync(first.JobIds[1], Token)).IsDone);

        Assert.Equal(JobState.Enqueued, host.Jobs.Find(always.JobIds[0])!.State);
        Assert.Equal((0, 3, 1), (StatusOf(host, id).Waiting, StatusOf(host, id).Deleted, StatusOf(host, id).Running));
        Assert.Null(StatusOf(host, id).FinishedAt);
        Assert.True(host.Jobs.Delete(always.JobIds[0]).IsDone);
        Assert.NotNull(StatusOf(host, id).FinishedAt);
        Assert.True(host.Jobs.Requeue(first.JobIds[0]).IsDone);
        Assert.Equal((3, 1, null), (StatusOf(host, id).Deleted, StatusOf(host, id).Running, StatusOf(host, id).FinishedAt));
        Assert.Equal(JobState.Deleted, host.Jobs.Find(after.JobIds[0])!.State);
    }

    [Fact]
    public async Task WaitingJob_ThatAnOperatorDeletes_ReleasesThoseAfterIt()
    {
        await using var host = await StartClientAsync();
        await using var flow = host.Jobs.NewWorkflow("deleted");
        var first = flow.Add<WorkJob, Work>(new Work("first"));
        var waiting = flow.Add<WorkJob, Work>(new Work("waiting"), after: first);
        var always = flow.Add<WorkJob, Work>(new Work("always"), after: first.And(waiting), when: After.Finished);
        var id = await flow.CommitAsync(Token);

        Assert.True(host.Jobs.Delete(waiting.JobIds[0]).IsDone);
        Assert.Equal((1, 1, 1), (StatusOf(host, id).Waiting, StatusOf(host, id).Deleted, StatusOf(host, id).Running));
        Assert.True(host.Jobs.Delete(first.JobIds[0]).IsDone);

        Assert.Equal(JobState.Enqueued, host.Jobs.Find(always.JobIds[0])!.State);
        Assert.Equal((0, 2, 1), (StatusOf(host, id).Waiting, StatusOf(host, id).Deleted, StatusOf(host, id).Running));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OnFinished_BeginsOnce_WhateverBecameOfTheJobs(bool fails)
    {
        await using var host = await StartAsync();
        await using var flow = host.Jobs.NewWorkflow("ends");
        var first = flow.AddMany<WorkJob, Work>([new Work("1", Fails: fails), new Work("2", Waits: true)]);
        flow.Add<WorkJob, Work>(new Work("after"), after: first);
        flow.OnFinished<WorkJob, Work>(new Work("end"));
        var id = await flow.CommitAsync(Token);
        var end = StatusOf(host, id).OnFinished!;
        await host.WaitForAsync(first.JobIds[0], fails ? JobState.Failed : JobState.Succeeded);
        Assert.Equal(JobState.Awaiting, host.Jobs.Find(end)!.State);

        host.Probe.Open("2");
        await host.WaitForAsync(end, JobState.Succeeded);
        Assert.Equal(fails ? (1, 1) : (0, 0), (StatusOf(host, id).Waiting, StatusOf(host, id).Failed));
        Assert.Equal(fails ? 0 : 1, host.Probe.Count("after out"));
        if (fails)
        {
            host.Probe.Open("works");
            Assert.True(host.Jobs.Requeue(first.JobIds[0]).IsDone);
        }
        await FinishedAsync(host, id);
        await Until.TrueAsync(() => StatusOf(host, id).Succeeded == 3, "all have succeeded");
        Assert.Equal(1, host.Probe.Count("end in"));
    }

    [Fact]
    public async Task Retries_DoNotEndAJob()
    {
        await using var host = await StartAsync(configure: static options =>
        {
            options.Retry.Attempts = 3;
            (options.Retry.BaseDelay, options.Retry.MaxDelay) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        });
        await using var flow = host.Jobs.NewWorkflow("retries");
        var failing = flow.Add<WorkJob, Work>(new Work("failing", Fails: true));
        var after = flow.Add<WorkJob, Work>(new Work("after"), after: failing, when: After.Finished);
        var id = await flow.CommitAsync(Token);
        await host.WaitForAsync(failing.JobIds[0], JobState.Scheduled);

        Assert.Equal(JobState.Awaiting, host.Jobs.Find(after.JobIds[0])!.State);
        Assert.Equal((1, 1), (StatusOf(host, id).Running, StatusOf(host, id).Waiting));
    }

    [Fact]
    public async Task Jobs_AreExecutedByAnyProcess_AndBeginThere()
    {
        await using var one = await StartAsync(workers: 2);
        await using var two = await StartAsync(workers: 2);
        await using var flow = one.Jobs.NewWorkflow("two processes");
        var first = flow.AddMany<WorkJob, Work>(Enumerable.Range(0, 100).Select(static i => new Work($"first {i}")));
        var gate = flow.Add<WorkJob, Work>(new Work("gate"), after: first);
        var second = flow.AddMany<WorkJob, Work>(Enumerable.Range(0, 100).Select(static i => new Work($"second {i}")), after: gate);
        flow.Add<WorkJob, Work>(new Work("last"), after: second);
        var id = await flow.CommitAsync(Token);

        await FinishedAsync(one, id);

        var notes = one.Probe.Notes.Concat(two.Probe.Notes).ToList();
        Assert.Equal(202, StatusOf(two, id).Succeeded);
        Assert.Equal(202, notes.Count(static note => note.EndsWith(" in", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Options_OfAJob_AreObserved()
    {
        await using var host = await StartClientAsync();
        await using var flow = host.Jobs.NewWorkflow("options");
        var first = flow.Add<WorkJob, Work>(new Work("first"), options: new JobOptions { Delay = TimeSpan.FromHours(1) });
        var second = flow.Add<WorkJob, Work>(
            new Work("second"), after: first, options: new JobOptions { Priority = 1, FairnessKey = "tenant" });
        await flow.CommitAsync(Token);

        Assert.Equal(JobState.Scheduled, host.Jobs.Find(first.JobIds[0])!.State);
        Assert.Equal(1, JobPriority.Read(host.Parameter(second.JobIds[0], JobPriority.Parameter)));
        Assert.Equal("tenant", JobFairness.Read(host.Parameter(second.JobIds[0], JobFairness.Parameter)));
    }

    [Fact]
    public async Task LargeFanIn_IsCountedExactly()
    {
        await using var host = await StartAsync(workers: 20);
        await using var flow = host.Jobs.NewWorkflow("fan-in");
        var parts = flow.AddMany<WorkJob, Work>(Enumerable.Range(0, 2_000).Select(static i => new Work($"{i}")));
        var last = flow.Add<WorkJob, Work>(new Work("last"), after: parts);
        var id = await flow.CommitAsync(Token);

        await host.WaitForAsync(last.JobIds[0], JobState.Succeeded);

        await FinishedAsync(host, id);
        Assert.Equal(2_001, StatusOf(host, id).Succeeded);
        Assert.Equal(1, host.Probe.Count("last in"));
    }
}
