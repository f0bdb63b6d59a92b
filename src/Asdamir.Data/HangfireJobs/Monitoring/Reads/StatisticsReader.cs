using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Counts the jobs of the schema by state. A foreign storage can count them per schema only, not per app.</summary>
internal sealed class StatisticsReader(JobStorage storage)
{
    public JobStatistics Read()
    {
        var counts = storage.GetMonitoringApi().GetStatistics();
        return new JobStatistics
        {
            Enqueued = counts.Enqueued,
            Failed = counts.Failed,
            Processing = counts.Processing,
            Succeeded = counts.Succeeded,
            Scheduled = counts.Scheduled,
            Deleted = counts.Deleted,
            Awaiting = counts.Awaiting ?? 0,
            Retry = counts.Retries ?? 0,
        };
    }
}
