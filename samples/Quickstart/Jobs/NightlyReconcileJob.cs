using Asdamir.Data.HangfireJobs;

namespace Quickstart.Jobs;

public sealed class NightlyReconcileJob : IJob
{
    public string Name => nameof(NightlyReconcileJob);

    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        try
        {
            await ReconcileAsync(ct);
            return JobResult.Success(TimeSpan.FromMinutes(2));
        }
        catch (Exception ex)
        {
            return JobResult.Failure(ex.Message);   // re-thrown so Hangfire retry fires
        }
    }

    private static Task ReconcileAsync(CancellationToken ct) => Task.Delay(TimeSpan.FromMilliseconds(300), ct);
}
