using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>All that is known of one job. Texts have their secrets masked.</summary>
public sealed record JobDetails
{
    /// <summary>The id of the job.</summary>
    public required string Id { get; init; }

    /// <summary>The name of its job type; of a job of plain Hangfire, its class and method.</summary>
    public required string Name { get; init; }

    /// <summary>The app it belongs to, by its queue.</summary>
    public required string App { get; init; }

    /// <summary>The name of the state, usually one of <see cref="JobState"/>; other programs may store further ones.</summary>
    public required string State { get; init; }

    /// <summary>Why it is in this state; <see langword="null"/> when no reason was stored.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// Since when it continues although its token was cancelled (UTC), see <see cref="HangfireJobsOptions.StuckAfter"/>;
    /// <see langword="null"/> when it does not.
    /// </summary>
    public DateTimeOffset? StuckSince { get; init; }

    /// <summary>The pause of the queue it waits in; <see langword="null"/> when that is not paused, or it does not wait.</summary>
    public JobPause? QueuePause { get; init; }

    /// <summary>
    /// The queue it waits in, when no running server listens to it and it is not paused; <see langword="null"/> otherwise.
    /// </summary>
    public QueueSummary? UnservedQueue { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it starts (UTC), while its state is Scheduled; <see langword="null"/> otherwise.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it is removed from the storage (UTC); <see langword="null"/> while it is kept.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The number of its latest or next attempt; the first one is 1.</summary>
    public int Attempt { get; init; }

    /// <summary>Its arguments as JSON; <see langword="null"/> when it has none.</summary>
    public string? Arguments { get; init; }

    /// <summary>The same JSON, indented for display.</summary>
    public string? FormattedArguments { get; init; }

    /// <summary>What was ambient where it was enqueued, by the names of an <see cref="IJobContextPropagator"/>.</summary>
    public IReadOnlyDictionary<string, string> Context { get; init; } = new Dictionary<string, string>();

    /// <summary>Its exception; <see langword="null"/> when it has not failed.</summary>
    public JobError? Error { get; init; }

    /// <summary>What it returned, as JSON or text; <see langword="null"/> when it returned nothing.</summary>
    public string? Output { get; init; }

    /// <summary>The same JSON, indented for display.</summary>
    public string? FormattedOutput { get; init; }

    /// <summary>The progress it has reported; <see langword="null"/> when it has reported none.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>The steps it has done, in the order in which they ended.</summary>
    public IReadOnlyList<JobStepDetails> Steps { get; init; } = [];

    /// <summary>How far it has come, by its cursors.</summary>
    public IReadOnlyList<JobCursorDetails> Cursors { get; init; } = [];

    /// <summary>The recurring job that created it; <see langword="null"/> when none did.</summary>
    public string? RecurringJobId { get; init; }

    /// <summary>Its priority, from 0 (first) to 9, see <see cref="JobOptions.Priority"/>.</summary>
    public int Priority { get; init; } = 5;

    /// <summary>Its fairness key, see <see cref="JobOptions.FairnessKey"/>; <see langword="null"/> when it has none.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>
    /// Its limits, see <see cref="LimitAttribute">[Limit]</see>, each with the key for which it counts, or <see langword="null"/>. A job
    /// that waits for their room is Enqueued.
    /// </summary>
    public IReadOnlyList<JobLimit> Limits { get; init; } = [];

    /// <summary>
    /// Its unique key: no other job of the job type has it until this one has ended; <see langword="null"/> when it has none.
    /// </summary>
    public string? UniqueKey { get; init; }

    /// <summary>The key of the call that created it; <see langword="null"/> when it had none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The job it continues; <see langword="null"/> when it continues none.</summary>
    public string? ParentId { get; init; }

    /// <summary>The workflow it belongs to; <see langword="null"/> when it belongs to none.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>The jobs that continue it.</summary>
    public IReadOnlyList<string> ChildIds { get; init; } = [];

    /// <summary>The states it was in, newest first.</summary>
    public IReadOnlyList<JobHistoryEntry> History { get; init; } = [];

    /// <summary>Why this process cannot load the job; <see langword="null"/> when it can.</summary>
    public string? LoadError { get; init; }
}
