namespace Asdamir.Data.Storage;

/// <summary>The failed jobs of one job type.</summary>
public sealed record JobFailures
{
    /// <summary>The name of the job type.</summary>
    public required string Name { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>How many jobs are failed.</summary>
    public required long Count { get; init; }

    /// <summary>When the latest of them failed (UTC).</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>The id of the latest of them.</summary>
    public required string LastId { get; init; }
}
