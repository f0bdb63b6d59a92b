using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Scheduling;

public sealed class DelayAndContinuationTests
{
    [Fact]
    public async Task Schedule_ExecutesTheJobOnTheAppsQueue_WhenItIsDue()
    {
        await using var host = await StartAsync();

        var byDelay = host.Jobs.Schedule<NotingJob, string>("delay", TimeSpan.FromMilliseconds(100));
        var byTime = host.Jobs.Schedule<NotingJob, string>("time", DateTimeOffset.Now.AddMinutes(-1).ToOffset(TimeSpan.FromHours(5)));
        var later = host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        await host.WaitForAsync(byDelay, JobState.Succeeded);
        await host.WaitForAsync(byTime, JobState.Succeeded);

        Assert.Equal(["delay", "time"], host.Probe.Notes.Order(StringComparer.Ordinal));
        Assert.Equal(JobState.Scheduled, host.Jobs.Find(later)!.State);
        Assert.Equal(0, host.Storage.GetMonitoringApi().EnqueuedCount("default"));
    }

    [Fact]
    public async Task Schedule_KeepsTheInstant_WhateverTheOffset()
    {
        await using var host = await StartAsync();
        var at = new DateTimeOffset(2040, 3, 1, 2, 0, 0, TimeSpan.FromHours(5));

        var jobId = host.Jobs.Schedule<IdleJob>(at);

        Assert.Equal(at.UtcDateTime, Hangfire.Common.JobHelper.DeserializeDateTime(host.StateOf(jobId).Data["EnqueueAt"]));
    }

    [Fact]
    public async Task ContinueWith_RunsAfterTheParent_WhenItHasSucceeded()
    {
        await using var host = await StartAsync();
        var parent = host.Jobs.Enqueue<GatedJob>();
        var child = host.Jobs.ContinueWith<NotingJob, string>("child", parent);
        Assert.Equal(JobState.Awaiting, host.Jobs.Find(child)!.State);

        host.Probe.Open("go");
        await host.WaitForAsync(child, JobState.Succeeded);

        Assert.Equal(["parent", "child"], host.Probe.Notes);
    }

    [Fact]
    public async Task ContinueWith_RunsAtOnce_WhenTheParentHasAlreadySucceeded()
    {
        await using var host = await StartAsync();
        var parent = host.Jobs.Enqueue<IdleJob>();
        await host.WaitForAsync(parent, JobState.Succeeded);

        var child = host.Jobs.ContinueWith<IdleJob>(parent);

        await host.WaitForAsync(child, JobState.Succeeded);
    }

    [Theory]
    [InlineData(ContinueOn.Success, JobState.Deleted)]
    [InlineData(ContinueOn.AnyEnd, JobState.Succeeded)]
    public async Task ContinueWith_StaysOnTheAppsQueueOrIsDeleted_WhenTheParentIsDeleted(ContinueOn condition, JobState state)
    {
        await using var host = await StartAsync();
        var parent = host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        var child = host.Jobs.ContinueWith<NotingJob, string>("child", parent, condition);

        Assert.True(host.Jobs.Delete(parent).IsDone);

        await host.WaitForAsync(child, state);
        Assert.Equal(condition == ContinueOn.AnyEnd ? ["child"] : [], host.Probe.Notes);
        Assert.Equal(0, host.Storage.GetMonitoringApi().EnqueuedCount("default"));
    }

    [Fact]
    public async Task ContinueWith_Throws_WhenThereIsNoSuchParent()
    {
        await using var host = await StartAsync();

        var error = Assert.Throws<ArgumentException>(() => host.Jobs.ContinueWith<IdleJob>("unknown"));

        Assert.Equal("options", error.ParamName);
        Assert.Contains("'unknown'", error.Message, StringComparison.Ordinal);
    }

    private static Task<JobHost> StartAsync() => JobHost.StartAsync(
        jobs => jobs.AddJob<IdleJob>().AddJob<NotingJob>().AddJob<GatedJob>(), options => options.AppQueue = "crm");

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class NotingJob(Probe probe) : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(args);
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class GatedJob(Probe probe) : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            await probe.GateAsync("go", ct);
            probe.Note("parent");
            return JobResult.Success();
        }
    }
}
