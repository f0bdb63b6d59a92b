namespace Asdamir.Data.Storage;

/// <summary>Failed jobs by their kind.</summary>
public sealed record JobFailureGroups
{
    /// <summary>The groups, the one with the most jobs first.</summary>
    public required IReadOnlyList<JobFailureGroup> Groups { get; init; }

    /// <summary>How many of the newest failed jobs were read for it.</summary>
    public required long Read { get; init; }

    /// <summary>Whether older jobs were left out, so that counts and first times are those of the newest jobs.</summary>
    public bool IsPartial { get; init; }
}
