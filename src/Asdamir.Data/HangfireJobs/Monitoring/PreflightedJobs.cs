namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>The jobs of one job type that a preflight has tried.</summary>
public sealed record PreflightedJobs
{
    /// <summary>The stored name of the job type.</summary>
    public required string Name { get; init; }

    /// <summary>How many jobs were tried.</summary>
    public long Jobs { get; init; }

    /// <summary>How many recurring jobs were tried.</summary>
    public int RecurringJobs { get; init; }

    /// <summary>How many shapes their arguments have: which properties, and of what kinds. At most 1,000 are counted.</summary>
    public int Shapes { get; init; }

    /// <summary>
    /// Whether the build has the job type. Also <see langword="true"/> for a generic class whose type arguments were not found; its
    /// arguments are not tried.
    /// </summary>
    public bool IsFound { get; init; }
}
