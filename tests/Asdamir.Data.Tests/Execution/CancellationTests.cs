using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Execution;

public sealed class CancellationTests
{
    [Theory]
    [InlineData("honour")]
    [InlineData("wrap message")]
    [InlineData("wrap exception")]
    [InlineData("throw other")]
    [InlineData("permanent")]
    public async Task Stop_CostsNoAttemptAndTheNextHostRunsIt_WhateverTheJobMakesOfItsToken(string manner)
    {
        var storage = new SharedStorage();
        string jobId;
        await using (var first = await StartAsync(storage))
        {
            jobId = first.Jobs.Enqueue<StoppedJob, string>(manner);
            await first.Probe.NotedAsync("started 1");
            await first.StopAsync();

            Assert.True(first.Parameter(jobId, "RetryCount") is null or "0");
            Assert.NotEqual("Failed", first.StateOf(jobId).Name);
        }

        await using var second = await StartAsync(storage);
        second.Probe.Open("go");
        await second.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal(["started 1"], second.Probe.Notes);
        Assert.True(second.Parameter(jobId, "RetryCount") is null or "0");
        Assert.True(second.Parameter(jobId, "LostDeliveries") is null or "0", "An orderly stop is no crash");
    }

    [Fact]
    public async Task Delete_CancelsTheTokenAndStaysDeleted_WhileProcessing()
    {
        await using var host = await StartAsync(new SharedStorage());
        var jobId = host.Jobs.Enqueue<StoppedJob, string>("wrap message");
        await host.Probe.NotedAsync("started 1");

        Assert.True(host.Jobs.Delete(jobId).IsDone);
        await host.Probe.NotedAsync("cancelled");
        await host.StopAsync();

        Assert.Equal("Deleted", host.StateOf(jobId).Name);
        Assert.True(host.Parameter(jobId, "RetryCount") is null or "0");
    }

    [Fact]
    public async Task Stop_IsNoFailure_WhenTheHostWaitsNoLongerThanTheServerTakes()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<DeafJob>());
        host.Jobs.Enqueue<DeafJob>();
        await host.Probe.NotedAsync("started");

        await host.StopAsync(TimeSpan.FromMilliseconds(200));

        Assert.Single(host.Logs.With(1603));
        host.Probe.Open("go");
    }

    private static Task<JobHost> StartAsync(SharedStorage storage) => JobHost.StartAsync(
        jobs => jobs.AddJob<StoppedJob>().UseStorage(_ => storage),
        options =>
        {
            options.StopTimeout = TimeSpan.FromMilliseconds(50);
            options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.Zero };
        });

    private sealed class DeafJob(Probe probe) : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("started");
            await probe.GateAsync("go", CancellationToken.None);
            return JobResult.Success();
        }
    }

    private sealed class StoppedJob(Probe probe) : IJob<string>
    {
        public async Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note($"started {ctx.Attempt}");
            try
            {
                await probe.GateAsync("go", ct);
                return JobResult.Success();
            }
            catch (OperationCanceledException exception)
            {
                probe.Note("cancelled");
                return args switch
                {
                    "wrap message" => JobResult.Failure(exception.Message),
                    "wrap exception" => JobResult.Failure(exception),
                    "permanent" => JobResult.PermanentFailure("stopped"),
                    "throw other" => throw new InvalidOperationException("stopped", exception),
                    _ => throw new OperationCanceledException(ct),
                };
            }
        }
    }
}
