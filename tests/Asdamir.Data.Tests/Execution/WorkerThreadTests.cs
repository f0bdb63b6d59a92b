using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class WorkerThreadTests
{
    [Fact]
    public async Task Execute_BeginsOnTheWorkersThread_SoThatJobsWhichBlockNeedNoneOfTheThreadPool()
    {
        // The pool would grow by a thread or two a second.
        ThreadPool.GetMinThreads(out var atOnce, out _);
        var workers = atOnce + 40;
        using var together = new Barrier(workers);
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<BlockingJob>(), options => options.WorkerCount = workers, services => services.AddSingleton(together));

        var runs = Enumerable.Range(0, workers).Select(_ => host.Jobs.Enqueue<BlockingJob>()).ToList();

        foreach (var runId in runs)
            await host.WaitForAsync(runId, RunState.Succeeded);
    }

    private sealed class BlockingJob(Barrier together) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(together.SignalAndWait(TimeSpan.FromSeconds(10), ct) ? JobResult.Success() : JobResult.PermanentFailure("The others did not begin."));
    }
}
