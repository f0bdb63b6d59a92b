using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class StuckJobsOnSqlite() : StuckJobTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class StuckJobsOnPostgreSql() : StuckJobTests(StorageKind.PostgreSql);

/// <summary>A job that continues after its token was cancelled keeps no other from being executed.</summary>
public abstract class StuckJobTests(StorageKind kind) : ScriptedJobTests(kind)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempt_FailsAndIsRetried_WhileItsJobGoesOn(bool blocks)
    {
        using var end = new ManualResetEventSlim();
        var returned = new TaskCompletionSource();
        await using var host = await StartStuckAsync(async ctx =>
        {
            if (ctx.Attempt > 1)
                return JobResult.Success(output: "second");
            if (blocks)
                end.Wait(CancellationToken.None);
            else
                await Task.Run(end.Wait, CancellationToken.None);
            returned.SetResult();
            return JobResult.Success(output: "first");
        });
        try
        {
            var id = host.Jobs.Enqueue<ScriptedJob>();

            // The only slot is that of the attempt that continues.
            await host.WaitForAsync(id, JobState.Succeeded);
            end.Set();
            await returned.Task;
            await Until.TrueAsync(() => Stuck(host).Current().Count == 0, "no job is stuck any more");

            Assert.Contains("second", host.StateOf(id).Data["Result"], StringComparison.Ordinal);
            var failed = host.Storage.GetMonitoringApi().JobDetails(id).History.Last(static state => state.StateName == "Failed").Data;
            Assert.Equal(typeof(JobTimeoutException).FullName, failed["ExceptionType"]);
            Assert.Contains(
                "took longer than its timeout of 00:00:00.0500000, and continued for 00:00:00.0500000 after its token was cancelled.",
                failed["ExceptionMessage"], StringComparison.Ordinal);
            Assert.NotEmpty(host.Logs.With(1126));
        }
        finally
        {
            end.Set();
        }
    }

    [Theory]
    [InlineData(typeof(AloneJob))]
    [InlineData(typeof(LimitedJob))]
    public async Task Job_StaysProcessingAndGivesItsSlotAway_WhenOthersMustNotRunBesideIt(Type type)
    {
        await using var host = await StartStuckAsync(static _ => Task.FromResult(JobResult.Success()));
        var id = type == typeof(AloneJob) ? host.Jobs.Enqueue<AloneJob>() : host.Jobs.Enqueue<LimitedJob>();
        using var end = host.Probe.OpenAtEnd("alone");
        await host.Probe.NotedAsync("alone 1");

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        var monitor = host.Services.GetRequiredService<IJobMonitor>();
        JobDetails? details = null;
        await Until.TrueAsync(
            async () => (details = await monitor.FindJobAsync(id, cancellationToken: TestContext.Current.CancellationToken))?.StuckSince
                is not null,
            "the job is shown as stuck");
        Assert.Equal("Processing", details!.State);
        Assert.InRange(details.StuckSince!.Value, details.CreatedAt, DateTimeOffset.UtcNow);
        Assert.Contains(Stuck(host).Current(), job => job.Id == id);

        host.Probe.Open("alone");
        await host.WaitForAsync(id, JobState.Succeeded);
        details = await monitor.FindJobAsync(id, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Null(details!.StuckSince);
        Assert.Equal(1, host.Probe.Count("alone 1"));
        Assert.Equal(0, host.Probe.Count("alone 2"));
    }

    [Fact]
    public async Task Job_GivesItsSlotAway_WhenItWasDeleted()
    {
        await using var host = await StartStuckAsync(static _ => Task.FromResult(JobResult.Success()), static options =>
            options.DefaultTimeout = TimeSpan.Zero);
        using var end = host.Probe.OpenAtEnd("alone");
        var id = host.Jobs.Enqueue<AloneJob>();
        await host.Probe.NotedAsync("alone 1");

        Assert.True(host.Jobs.Delete(id).IsDone);
        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);
        host.Probe.Open("alone");
        await Until.TrueAsync(() => Stuck(host).Current().Count == 0, "the job has ended");

        Assert.Equal("Deleted", host.StateOf(id).Name);
    }

    [Fact]
    public async Task Job_IsAwaited_WhenNothingIsStuckEver()
    {
        await using var host = await StartStuckAsync(
            static _ => Task.FromResult(JobResult.Success()), static options => options.StuckAfter = TimeSpan.Zero);
        using var end = host.Probe.OpenAtEnd("alone");
        var id = host.Jobs.Enqueue<AloneJob>();
        await host.Probe.NotedAsync("alone cancelled");
        var next = host.Jobs.Enqueue<ScriptedJob>();

        host.Probe.Open("alone");
        await host.WaitForAsync(id, JobState.Succeeded);
        await host.WaitForAsync(next, JobState.Succeeded);

        Assert.Empty(host.Logs.With(1126));
    }

    private static StuckJobs Stuck(JobHost host) => host.Services.GetRequiredService<StuckJobs>();

    private Task<JobHost> StartStuckAsync(Func<IJobContext, Task<JobResult>> script, Action<HangfireJobsOptions>? configure = null) =>
        StartAsync(
            (ctx, _) => script(ctx),
            options =>
            {
                options.WorkerCount = 1;
                options.DefaultTimeout = Moment;
                options.StuckAfter = Moment;
                // On a slow machine attempts that end at once may count as stuck as well.
                options.Retry.Attempts = 1_000;
                configure?.Invoke(options);
            },
            static jobs => jobs.AddJob<AloneJob>().AddJob<LimitedJob>());

    private static async Task<JobResult> BlockAsync(Probe probe, IJobContext ctx, CancellationToken ct)
    {
        probe.Note($"alone {ctx.Attempt}");
        using var cancelled = ct.UnsafeRegister(_ => probe.Note("alone cancelled"), null);
        await probe.GateAsync("alone", CancellationToken.None);
        return JobResult.Success();
    }

    [ExclusiveJob]
    private sealed class AloneJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => BlockAsync(probe, ctx, ct);
    }

    [Limit("alone", MaxRunning = 1)]
    private sealed class LimitedJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => BlockAsync(probe, ctx, ct);
    }
}
