using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs;

/// <summary>A line of a job's log.</summary>
public sealed record JobLogLine
{
    /// <summary>When it was written (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The level it was written with.</summary>
    public required LogLevel Level { get; init; }

    /// <summary>The message; a long one is cut.</summary>
    public required string Message { get; init; }
}
