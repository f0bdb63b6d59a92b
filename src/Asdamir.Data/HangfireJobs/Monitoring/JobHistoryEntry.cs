namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A state a job was in.</summary>
public sealed record JobHistoryEntry
{
    /// <summary>The name of the state.</summary>
    public required string State { get; init; }

    /// <summary>Why the job entered it; <see langword="null"/> when no reason was stored.</summary>
    public string? Reason { get; init; }

    /// <summary>When the job entered it (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was stored with the state, with secrets masked.</summary>
    public required IReadOnlyDictionary<string, string> Data { get; init; }
}
