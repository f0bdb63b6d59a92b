namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A server that executes jobs.</summary>
public sealed record ServerSummary
{
    /// <summary>The id of the server.</summary>
    public required string Id { get; init; }

    /// <summary>The queues it listens to.</summary>
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>How many jobs it executes at a time.</summary>
    public int Workers { get; init; }

    /// <summary>When it started (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its latest heartbeat (UTC); <see langword="null"/> before the first one.</summary>
    public DateTimeOffset? HeartbeatAt { get; init; }
}
