using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>The jobs with the most failed jobs.</summary>
internal sealed class FailuresReader(JobStorage storage, JobListReader runs)
{
    public IReadOnlyList<JobFailures> Read(string? app, DateTime from, int size) =>
        storage is IJobSearch search
            ? search.TopFailures(app, from, size)
            : [.. runs.Source.Find(new JobListFilter { State = JobState.Failed, App = app, From = from }, null, ScannedJobs.Limit).Runs
                .GroupBy(static run => (run.Name, run.App))
                .Select(static job => new JobFailures(job.Key.Name, job.Key.App, job.Count(), job.First().StateAt ?? DateTime.UnixEpoch, job.First().Id))
                .OrderByDescending(static job => job.Count)
                .Take(size)];
}
