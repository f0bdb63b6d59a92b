using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Counts the jobs of the schema by state. A foreign storage can count them per schema only, not per app.</summary>
internal sealed class StatisticsReader(JobStorage storage)
{
    public StatisticsAnswer Read()
    {
        var counts = storage.GetMonitoringApi().GetStatistics();
        return new StatisticsAnswer(
            counts.Enqueued, counts.Failed, counts.Processing, counts.Succeeded, counts.Scheduled, counts.Deleted,
            counts.Awaiting ?? 0, counts.Retries ?? 0);
    }
}
