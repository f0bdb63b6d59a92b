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

    private LimitSummary SummaryOf(JobLimitStatus limit)
    {
        var summary = new LimitSummary
        {
            Queue = limit.Queue,
            Name = limit.Name,
            MaxRunning = limit.MaxRunning,
            Rate = limit.Rate,
            Declared = limit.Declared,
            DeclaredRate = limit.DeclaredRate,
            ChangedTo = limit.ChangedTo,
            RateChangedTo = limit.RateChangedTo,
            Skips = limit.Skips,
            Running = limit.Running,
            Waiting = limit.Waiting,
        };
        // The storage also keeps who gave a limit back.
        return !summary.IsChanged
            ? summary
            : summary with
            {
                ChangedBy = limit.ChangedBy,
                ChangedAt = limit.ChangedAt is { } at ? DateTime.SpecifyKind(at, DateTimeKind.Utc) : null,
                Reason = mask.Of(limit.Reason),
            };
    }
}
