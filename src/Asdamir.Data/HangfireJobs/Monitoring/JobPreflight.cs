namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>What came of trying the stored jobs against a build.</summary>
public sealed record JobPreflight
{
    /// <summary>
    /// What is wrong, the worst first. An error means that a job could not be executed; a warning, that it would be executed differently,
    /// or has failed and could not be executed after a requeue.
    /// </summary>
    public required IReadOnlyList<JobFinding> Findings { get; init; }

    /// <summary>What was tried, by the name of the job type; at most 1,000 names.</summary>
    public required IReadOnlyList<PreflightedJobs> Tried { get; init; }

    /// <summary>Whether all jobs were read that are still to be executed or have failed.</summary>
    public bool IsComplete { get; init; }
}
