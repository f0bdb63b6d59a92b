namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A server that executes jobs, or did within the last 24 hours.</summary>
public sealed record ServerSummary
{
    /// <summary>The id of the server.</summary>
    public required string Id { get; init; }

    /// <summary>The queues it listens to.</summary>
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>Whether it runs, is silent or has ended. On a storage of another package it is one of the first two.</summary>
    public ServerState State { get; init; }

    /// <summary>How many jobs it executes at a time.</summary>
    public int Workers { get; init; }

    /// <summary>When it started (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its latest heartbeat (UTC); <see langword="null"/> before the first one.</summary>
    public DateTimeOffset? HeartbeatAt { get; init; }

    /// <summary>When it was stopped, or was last known to live (UTC); <see langword="null"/> while it has not ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many of its jobs went back to their queues when it died.</summary>
    public long RescuedJobs { get; init; }

    /// <summary>Its latest sign of life (UTC).</summary>
    public DateTimeOffset LastSeenAt => EndedAt ?? HeartbeatAt ?? StartedAt;
}
