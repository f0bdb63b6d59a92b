using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Actions;

public sealed class ProgressInMemory() : ProgressTests(StorageKind.InMemory);

public sealed class ProgressOnSqlite() : ProgressTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class ProgressOnPostgreSql() : ProgressTests(StorageKind.PostgreSql);

public abstract class ProgressTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Action_ReportsItsProgress_AfterEachChunk()
    {
        var crm = await StartAsync();
        var ids = crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("x", 120));
        var steps = new Steps();

        var result = await crm.Services.GetRequiredService<IJobMonitor>().ExecuteAsync(
            new JobActionRequest { Kind = JobActionKind.Delete, Jobs = [.. ids.Select(static id => new JobReference { Id = id })] }, steps,
            TestContext.Current.CancellationToken);

        Assert.Equal([50, 100, 120], steps.Select(static step => step.Done));
        Assert.Equal((120, 0, 0), (result.Done, result.Skipped, result.Failed));
    }

    [Fact]
    public async Task Action_StopsWithATrueReport_WhenTheAppStops()
    {
        var crm = await StartAsync();
        var ids = crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("x", 250));
        using var stop = new CancellationTokenSource();

        var result = await crm.Services.GetRequiredService<IJobMonitor>().ExecuteAsync(
            new JobActionRequest { Kind = JobActionKind.Delete, Filter = new JobListFilter { State = JobState.Enqueued } },
            new Steps(stop.Cancel), stop.Token);

        Assert.Equal((200, 0, 1), (result.Done, result.Skipped, result.Failed));
        Assert.Equal(200, ids.Count(id => crm.Jobs.Find(id)!.State == JobState.Deleted));
    }

    [Fact]
    public async Task Action_LeavesAllJobsFromTheNamedOneOnAlone_WhenItStopsAmongThem()
    {
        var crm = await StartAsync();
        var ids = crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("x", 50));
        using var stop = new CancellationTokenSource();
        var seen = 0;

        var result = await Delete(crm).OnJobsAsync(
            Seen(ids), null, _ =>
            {
                if (Interlocked.Increment(ref seen) == 20)
                    stop.Cancel();
                return true;
            }, null, stop.Token);

        Assert.InRange(result.Done, 20, 49);
        Assert.Equal((0, 1, ids[result.Done]), (result.Skipped, result.Failed, Assert.Single(result.Remarks).Id));
        Assert.All(ids.Take(result.Done), id => Assert.Equal(JobState.Deleted, crm.Jobs.Find(id)!.State));
        Assert.All(ids.Skip(result.Done), id => Assert.Equal(JobState.Enqueued, crm.Jobs.Find(id)!.State));
    }

    [Fact]
    public async Task Action_IsOnFourJobsAtATime()
    {
        var crm = await StartAsync();
        var ids = crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("x", 4));
        using var together = new Barrier(4);

        var result = await Delete(crm).OnJobsAsync(
            Seen(ids), null, _ => together.SignalAndWait(Until.Limit, TestContext.Current.CancellationToken), null,
            TestContext.Current.CancellationToken);

        Assert.Equal((4, 0, 0), (result.Done, result.Skipped, result.Failed));
    }

    [Fact]
    public async Task Action_DoesNothing_WhenTheAppHasStopped()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);

        var result = await Delete(crm).OnJobsAsync(Seen([jobId, "2"]), null, static _ => true, null, new CancellationToken(canceled: true));

        Assert.Equal((0, 0, 1), (result.Done, result.Skipped, result.Failed));
        Assert.Contains("stopped", Assert.Single(result.Remarks).Reason, StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
    }

    private static StoredJobAction Delete(WebHost app) =>
        new(
            ActionKinds.OnJobs.Single(static kind => kind.Kind == JobActionKind.Delete),
            new JobListReader(app.Storage, new SecretMask("")),
            app.Services.GetRequiredService<JobTransitions>());

    private static IEnumerable<(string Id, string? Expected)> Seen(IEnumerable<string> ids) => ids.Select(static id => (id, (string?)null));

    private sealed class Steps(Action? onReport = null) : List<JobActionResult>, IProgress<JobActionResult>
    {
        public void Report(JobActionResult value)
        {
            Add(value);
            onReport?.Invoke();
        }
    }
}
