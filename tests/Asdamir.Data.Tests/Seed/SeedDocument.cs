using Asdamir.Data.HangfireJobs;
using static Asdamir.Data.Tests.Seed.Ledger;

namespace Asdamir.Data.Tests.Seed;

// Everything in this file stands in the document that defines the feature, and is not changed.
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
}

public sealed class Bootstrap(IHangfireJobService jobs)
{
    public void Configure() => jobs.AddOrUpdateRecurring<NightlyReconcileJob>("0 2 * * *"); // 02:00 daily
}
