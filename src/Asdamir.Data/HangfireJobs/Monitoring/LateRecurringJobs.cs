namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>The recurring jobs of an app of which an occurrence is due and has not begun, more than a minute late.</summary>
public sealed record LateRecurringJobs
{
    /// <summary>The app, by its queue.</summary>
    public required string App { get; init; }

    /// <summary>How many are late; at least one.</summary>
    public required int Count { get; init; }

    /// <summary>The stored id of the one that is late for longest.</summary>
    public required string WorstId { get; init; }

    /// <summary>Since when that one is late (UTC).</summary>
    public required DateTimeOffset Since { get; init; }
}
