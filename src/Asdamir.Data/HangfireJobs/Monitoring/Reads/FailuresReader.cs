using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>The job types with the most failed jobs, and the kinds of their errors.</summary>
internal sealed class FailuresReader(JobStorage storage, JobListReader jobs, SecretMask mask)
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

    public JobFailureGroups ReadGroups(string? app, DateTimeOffset from, int size)
    {
        if (storage is not IJobSearch search)
            return ScanGroups(app, from, size);
        var found = search.FailureGroups(app, from, size);
        return found with
        {
            Groups = [.. found.Groups.Select(group => group with { ErrorMessage = mask.Of(group.ErrorMessage) })]
        };
    }

    private JobFailureGroups ScanGroups(string? app, DateTimeOffset from, int size)
    {
        var failed = jobs.Source.Find(new JobListFilter { State = JobState.Failed, App = app, From = from }, null, ScannedJobs.Limit);
        return new JobFailureGroups
        {
            Groups =
            [
                .. failed.Jobs.GroupBy(static job => (job.Name, job.App, job.Fingerprint))
                    .Select(static group => new JobFailureGroup
                    {
                        Name = group.Key.Name,
                        Queue = group.Key.App,
                        Fingerprint = group.Key.Fingerprint,
                        Count = group.Count(),
                        FirstAt = group.Last().StateAt ?? DateTimeOffset.UnixEpoch,
                        LastAt = group.First().StateAt ?? DateTimeOffset.UnixEpoch,
                        LastId = group.First().Id,
                        ErrorType = group.First().ErrorType,
                        ErrorMessage = group.First().Error,
                    })
                    .OrderByDescending(static group => group.Count)
                    .Take(size)
            ],
            Read = failed.Jobs.Count,
            IsPartial = failed.IsPartial,
        };
    }
}
