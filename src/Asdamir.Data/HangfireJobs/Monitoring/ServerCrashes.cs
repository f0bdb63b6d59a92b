namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>The latest series of servers of a queue that died, each within 10 minutes of the one before.</summary>
public sealed record ServerCrashes
{
    /// <summary>How many died.</summary>
    public required int Count { get; init; }

    /// <summary>When the first of them died (UTC).</summary>
    public required DateTimeOffset FirstAt { get; init; }

    /// <summary>When the last of them died (UTC).</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>How many of their jobs went back to the queues.</summary>
    public long RescuedJobs { get; init; }
}
