using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class FormerNameTests
{
    [Fact]
    public async Task Execute_RunsTheRenamedClassWithItsAttributes_WhenTheJobWasStoredUnderAFormerName()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<RenamedJob>());

        var jobId = host.Services.GetRequiredService<IBackgroundJobClient>()
            .Create(JobEnvelope.Wrap("OldName", """{"v":1}""", null), new EnqueuedState());
        await host.WaitForAsync(jobId, JobState.Failed);

        Assert.Equal(["RenamedJob 1/1"], host.Probe.Notes);
    }

    [AutomaticRetry(Attempts = 0), FormerlyKnownAs("OldName")]
    private sealed class RenamedJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note($"{ctx.JobName} {ctx.Attempt}/{ctx.MaxAttempts}");
            return Task.FromResult(JobResult.Failure("failed"));
        }
    }
}
