using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Execution;

public sealed class TimeoutTests
{
    [Fact]
    public async Task Timeout_FailsTheAttemptAndRetries_WhenTheJobHonoursItsToken()
    {
        await using var host = await StartAsync(TimeSpan.FromMilliseconds(50));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<EndlessJob>(), JobState.Failed);

        Assert.Equal("Job 'EndlessJob' took longer than its timeout of 00:00:00.0500000.", job.Error);
        Assert.Equal(typeof(JobTimeoutException).FullName, host.StateOf(job.Id).Data["ExceptionType"]);
        Assert.Equal(2, host.Probe.Count("EndlessJob"));
    }

    [Fact]
    public async Task Timeout_IsReportedAsSuch_WhenTheJobWrapsItsCancellationInAFailure()
    {
        await using var host = await StartAsync(TimeSpan.FromMilliseconds(50));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<WrappingJob>(), JobState.Failed);

        Assert.Equal(typeof(JobTimeoutException).FullName, host.StateOf(job.Id).Data["ExceptionType"]);
    }

    [Fact]
    public async Task Timeout_OfTheAttribute_WinsOverTheOption()
    {
        await using var host = await StartAsync(TimeSpan.FromMilliseconds(50));

        var limited = await host.WaitForAsync(host.Jobs.Enqueue<ShortJob>(), JobState.Failed);
        var unlimited = host.Jobs.Enqueue<UnlimitedJob>();
        await host.Probe.NotedAsync(nameof(UnlimitedJob));
        // One that began later has met the option's timeout twice.
        await host.WaitForAsync(host.Jobs.Enqueue<EndlessJob>(), JobState.Failed);
        host.Probe.Open("unlimited");
        await host.WaitForAsync(unlimited, JobState.Succeeded);

        Assert.Contains("00:00:00.0200000", limited.Error, StringComparison.Ordinal);
        Assert.Equal(1, host.Probe.Count(nameof(UnlimitedJob)));
    }

    [Fact]
    public async Task Timeout_LeavesASuccessAlone_WhenTheJobIgnoredItsToken()
    {
        await using var host = await StartAsync(TimeSpan.FromMilliseconds(50));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<DeafJob>(), JobState.Succeeded);

        Assert.Null(job.Error);
    }

    private static Task<JobHost> StartAsync(TimeSpan timeout) => JobHost.StartAsync(
        jobs => jobs.AddJob<EndlessJob>().AddJob<WrappingJob>().AddJob<ShortJob>().AddJob<UnlimitedJob>().AddJob<DeafJob>(),
        options =>
        {
            options.DefaultTimeout = timeout;
            options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.Zero };
        });

    private sealed class EndlessJob(Probe probe) : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(nameof(EndlessJob));
            await Task.Delay(Timeout.Infinite, ct);
            return JobResult.Success();
        }
    }

    private sealed class WrappingJob : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, ct);
                return JobResult.Success();
            }
            catch (OperationCanceledException exception)
            {
                return JobResult.Failure(exception.Message);
            }
        }
    }

    [JobTimeout("00:00:00.02")]
    private sealed class ShortJob : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            await Task.Delay(Timeout.Infinite, ct);
            return JobResult.Success();
        }
    }

    [JobTimeout("00:00:00")]
    private sealed class UnlimitedJob(Probe probe) : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(nameof(UnlimitedJob));
            await probe.GateAsync("unlimited", ct);
            return JobResult.Success();
        }
    }

    private sealed class DeafJob : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            await Until.TrueAsync(() => ct.IsCancellationRequested, "the timeout cancels the token");
            return JobResult.Success();
        }
    }
}
