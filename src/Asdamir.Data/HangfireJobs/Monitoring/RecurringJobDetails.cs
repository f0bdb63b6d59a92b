using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>All that is known of a recurring job. Texts have their secrets masked.</summary>
public sealed record RecurringJobDetails
{
    /// <summary>The stored id, with the prefix of its app.</summary>
    public required string Id { get; init; }

    /// <summary>The name of its job type; of a job of plain Hangfire, its class and method.</summary>
    public required string Name { get; init; }

    /// <summary>The cron expression.</summary>
    public required string Cron { get; init; }

    /// <summary>The id of the time zone of the expression.</summary>
    public required string TimeZoneId { get; init; }

    /// <summary>The queue of its jobs.</summary>
    public required string Queue { get; init; }

    /// <summary>When it creates its next job (UTC); <see langword="null"/> while it is paused or disabled.</summary>
    public DateTimeOffset? NextExecution { get; init; }

    /// <summary>When it created its latest job (UTC); <see langword="null"/> when it has created none.</summary>
    public DateTimeOffset? LastExecution { get; init; }

    /// <summary>The latest job it created; <see langword="null"/> when it has created none.</summary>
    public string? LastJobId { get; init; }

    /// <summary>The state of that job; <see langword="null"/> when the job is no longer stored.</summary>
    public string? LastJobState { get; init; }

    /// <summary>What that job returned; <see langword="null"/> unless it has succeeded.</summary>
    public string? LastJobResult { get; init; }

    /// <summary>
    /// Since when an occurrence has been due (UTC) and its job not begun, more than a minute late: no server creates the job, or it waits
    /// in its queue. <see langword="null"/> when none is late, and while the queue is paused.
    /// </summary>
    public DateTimeOffset? LateSince { get; init; }

    /// <summary>Whether it is paused.</summary>
    public bool Paused { get; init; }

    /// <summary>When it was paused (UTC); <see langword="null"/> when it is not.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>Why it was paused; <see langword="null"/> when no reason was given.</summary>
    public string? PauseReason { get; init; }

    /// <summary>The pause of the queue of its jobs, which are created and wait; <see langword="null"/> when it is not paused.</summary>
    public JobPause? QueuePause { get; init; }

    /// <summary>Why a server could not create its job; <see langword="null"/> when there was no error.</summary>
    public string? Error { get; init; }

    /// <summary>What happens to missed occurrences.</summary>
    public MisfirePolicy Misfire { get; init; }

    /// <summary>The priority of its jobs, from 0 (first) to 9; 5 when it gives them none.</summary>
    public int Priority { get; init; } = JobPriority.Default;

    /// <summary>The fairness key of its jobs; <see langword="null"/> when it gives them none.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>The unique key of its jobs; <see langword="null"/> when it gives them none.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>Whether an attribute in the code of its app declares it.</summary>
    public bool Declared { get; init; }

    /// <summary>Whether only its id is left in the storage.</summary>
    public bool Removed { get; init; }

    /// <summary>The arguments of its jobs as JSON; <see langword="null"/> for none.</summary>
    public string? Arguments { get; init; }

    /// <summary>The full name of its class; <see langword="null"/> when this process does not know it.</summary>
    public string? Class { get; init; }

    /// <summary>The method it calls; <see langword="null"/> when its job cannot be read.</summary>
    public string? Method { get; init; }
}
