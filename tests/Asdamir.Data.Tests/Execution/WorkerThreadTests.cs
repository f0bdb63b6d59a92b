using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Execution;

public sealed class WorkerThreadTests
{
    [Fact]
    public async Task Execute_BeginsOnTheWorkersThread_SoThatJobsWhichBlockNeedNoneOfTheThreadPool()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<BlockingJob>());

        var job = await host.WaitForAsync(host.Jobs.Enqueue<BlockingJob>(), JobState.Succeeded);

        Assert.Equal(["begun on a thread of its worker"], host.Probe.Notes);
        Assert.Null(job.Error);
    }

    private sealed class BlockingJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(Thread.CurrentThread.IsThreadPoolThread ? "begun on a thread of the pool" : "begun on a thread of its worker");
            return Task.FromResult(JobResult.Success());
        }
    }
}
