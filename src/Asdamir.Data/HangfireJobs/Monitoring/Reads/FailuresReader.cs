using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>The job types with the most failed jobs.</summary>
internal sealed class FailuresReader(JobStorage storage, JobListReader jobs)
{
    public IReadOnlyList<JobFailures> Read(string? app, DateTimeOffset from, int size) =>
        storage is IJobSearch search
            ? search.TopFailures(app, from, size)
            : [.. jobs.Source.Find(new JobListFilter { State = JobState.Failed, App = app, From = from }, null, ScannedJobs.Limit).Jobs
                .GroupBy(static job => (job.Name, job.App))
                .Select(static type => new JobFailures
                {
                    Name = type.Key.Name,
                    Queue = type.Key.App,
                    Count = type.Count(),
                    LastAt = type.First().StateAt ?? DateTimeOffset.UnixEpoch,
                    LastId = type.First().Id,
                })
                .OrderByDescending(static type => type.Count)
                .Take(size)];
}
