namespace Asdamir.Data.Storage;

/// <summary>How many jobs are in a queue.</summary>
public sealed record QueueDepth
{
    /// <summary>The name of the queue.</summary>
    public required string Name { get; init; }

    /// <summary>How many jobs wait in it.</summary>
    public long Waiting { get; init; }

    /// <summary>Since when the first of them has waited (UTC); <see langword="null"/> when none waits.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>
    /// Since when the first of those without <see cref="JobLimits"/> has waited (UTC), as one with limits may wait for room;
    /// <see langword="null"/> when none waits.
    /// </summary>
    public DateTimeOffset? OldestUnlimitedAt { get; init; }

    /// <summary>How many jobs workers have claimed and not finished.</summary>
    public long Claimed { get; init; }
}
