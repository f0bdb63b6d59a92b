namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>What a diagnosis has found.</summary>
public sealed record JobDiagnosis
{
    /// <summary>What is wrong, the worst first; empty when nothing was found.</summary>
    public required IReadOnlyList<JobFinding> Findings { get; init; }

    /// <summary>How long a commit takes, in the middle of several; <see langword="null"/> when it was not measured.</summary>
    public TimeSpan? CommitTime { get; init; }

    /// <summary>How far the clock of the database is ahead of this machine's; <see langword="null"/> when the storage has no
    /// clock.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>
    /// Whether all jobs were read that are still to be executed. Of a state, the oldest 10,000 are read; on a storage of another package,
    /// none.
    /// </summary>
    public bool IsComplete { get; init; }
}
