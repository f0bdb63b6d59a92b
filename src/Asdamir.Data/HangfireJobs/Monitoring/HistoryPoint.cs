namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>How many jobs ended in a minute or an hour, by outcome.</summary>
public sealed record HistoryPoint
{
    /// <summary>The beginning of the minute or hour (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many succeeded.</summary>
    public long Succeeded { get; init; }

    /// <summary>How many failed.</summary>
    public long Failed { get; init; }

    /// <summary>How many were deleted.</summary>
    public long Deleted { get; init; }
}
