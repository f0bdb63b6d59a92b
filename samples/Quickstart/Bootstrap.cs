using Asdamir.Data.HangfireJobs;
using Quickstart.Jobs;

namespace Quickstart;

public sealed class Bootstrap(IHangfireJobService jobs)
{
    public void Configure() => jobs.AddOrUpdateRecurring<NightlyReconcileJob>("0 2 * * *"); // 02:00 daily
}
