using Asdamir.Data.HangfireJobs;
using Hangfire;

namespace Quickstart.Jobs;

/// <summary>Fails twice, as a remote system does, and then succeeds.</summary>
[AutomaticRetry(Attempts = 5, DelaysInSeconds = [3])]
public sealed class FlakyImportJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        if (ctx.Attempt <= 2)
            return Task.FromResult(JobResult.Failure($"The remote system is busy (attempt {ctx.Attempt} of {ctx.MaxAttempts})"));
        ctx.Logger.LogInformation("Imported on attempt {Attempt}", ctx.Attempt);
        return Task.FromResult(JobResult.Success(output: new { Imported = 128 }));
    }
}
