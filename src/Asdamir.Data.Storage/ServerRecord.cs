namespace Asdamir.Data.Storage;

/// <summary>A server that runs, or has ended within the last 24 hours.</summary>
public sealed record ServerRecord
{
    /// <summary>The id of the server.</summary>
    public required string Id { get; init; }

    /// <summary>The queues it listens to.</summary>
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>How many jobs it executes at a time.</summary>
    public int Workers { get; init; }

    /// <summary>When it started (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its latest heartbeat (UTC).</summary>
    public required DateTimeOffset HeartbeatAt { get; init; }

    /// <summary>When it was stopped or last known to live (UTC); <see langword="null"/> while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it ended without being stopped: its process was killed, crashed, was suspended or lost the database.</summary>
    public bool HasDied { get; init; }

    /// <summary>How many of its jobs went back to their queues when it died.</summary>
    public long RescuedJobs { get; init; }
}
