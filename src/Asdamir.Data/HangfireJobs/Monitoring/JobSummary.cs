namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A job in a list.</summary>
public sealed record JobSummary
{
    /// <summary>The id of the job.</summary>
    public required string Id { get; init; }

    /// <summary>The name of its job type; of a job of plain Hangfire, its class and method.</summary>
    public required string Name { get; init; }

    /// <summary>The app it belongs to, by its queue.</summary>
    public required string App { get; init; }

    /// <summary>The state. A scheduled job that is due is shown as enqueued.</summary>
    public required JobState State { get; init; }

    /// <summary>When it entered its state (UTC); <see langword="null"/> when unknown.</summary>
    public DateTimeOffset? StateAt { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its latest attempt started (UTC); <see langword="null"/> when there was none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it starts (UTC), while its state is Scheduled; <see langword="null"/> otherwise.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The number of its latest or next attempt; the first one is 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>How long its latest attempt took; <see langword="null"/> when there was none, or it has not ended.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// How long it waited before it was executed, when it has succeeded; <see langword="null"/> otherwise. The time before it was due, and
    /// attempts that failed, are part of it.
    /// </summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>The type of its exception, when it has failed or waits for another attempt; <see langword="null"/> otherwise.</summary>
    public string? ErrorType { get; init; }

    /// <summary>
    /// The message of its exception, with secrets masked, when it has failed or waits for another attempt; <see langword="null"/>
    /// otherwise.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>The kind of that error, see <see cref="JobListFilter.Fingerprint"/>; <see langword="null"/> when it has none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Whether it waits for another attempt after an error.</summary>
    public bool IsRetry => State == JobState.Scheduled && Fingerprint is not null;

    /// <summary>Its arguments as JSON, with secrets masked; <see langword="null"/> when it has none.</summary>
    public string? Arguments { get; init; }

    /// <summary>
    /// Its priority, from 0 (first) to 9, see <see cref="JobOptions.Priority"/>; 5 on a storage that does not observe it.
    /// </summary>
    public int Priority { get; init; } = 5;

    /// <summary>The server that executes it; <see langword="null"/> when none does.</summary>
    public string? Server { get; init; }

    /// <summary>When it ended (UTC); <see langword="null"/> while it has not.</summary>
    public DateTimeOffset? CompletedAt => State is JobState.Succeeded or JobState.Failed or JobState.Deleted ? StateAt : null;
}
