using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Reads the limits of apps.</summary>
internal sealed class LimitsReader(JobStorage storage, SecretMask mask)
{
    /// <param name="app">Only those of this app's queue; <see langword="null"/> for all.</param>
    /// <returns>None on a storage that does not observe limits.</returns>
    public IReadOnlyList<LimitSummary> Read(string? app) =>
        storage is IJobLimits limits ? [.. limits.Limits(app).Select(SummaryOf)] : [];

    private LimitSummary SummaryOf(JobLimitStatus limit) => new()
    {
        Queue = limit.Queue,
        Name = limit.Name,
        MaxRunning = limit.MaxRunning,
        Declared = limit.Declared,
        ChangedTo = limit.ChangedTo,
        // The storage also keeps who gave a limit back.
        ChangedBy = limit.ChangedTo is null ? null : limit.ChangedBy,
        ChangedAt = limit.ChangedTo is null || limit.ChangedAt is not { } at ? null : DateTime.SpecifyKind(at, DateTimeKind.Utc),
        Reason = limit.ChangedTo is null ? null : mask.Of(limit.Reason),
        Running = limit.Running,
        Waiting = limit.Waiting,
    };
}
