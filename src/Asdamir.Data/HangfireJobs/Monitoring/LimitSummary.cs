using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>
/// A limit of an app, see <see cref="LimitAttribute">[Limit]</see>: how many of its jobs are executed at the same time, how many begin in a
/// window, and what it does at the moment. Texts have their secrets masked.
/// </summary>
public sealed record LimitSummary
{
    /// <summary>The queue of the app.</summary>
    public required string Queue { get; init; }

    /// <summary>The name of the limit.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// How many jobs are executed at the same time, for each key; with 0 none begins, and <see cref="JobLimits.MaxRunning"/> is as good as
    /// any number.
    /// </summary>
    public required int MaxRunning { get; init; }

    /// <summary>How many jobs may begin in a window, for each key; <see langword="null"/> for any number.</summary>
    public JobRate? Rate { get; init; }

    /// <summary>Whether a job for which there is no room is deleted instead of waiting, as the app has declared.</summary>
    public bool Skips { get; init; }

    /// <summary>Whether an operator has set a number or a rate.</summary>
    public bool IsChanged => ChangedTo is not null || RateChangedTo is not null;

    /// <summary>What the app has declared.</summary>
    public required int Declared { get; init; }

    /// <summary>The rate that the app has declared; <see langword="null"/> for none.</summary>
    public JobRate? DeclaredRate { get; init; }

    /// <summary>What an operator has set instead; <see langword="null"/> when what the app has declared is in force.</summary>
    public int? ChangedTo { get; init; }

    /// <summary>
    /// The rate that an operator has set instead; <see langword="null"/> when what the app has declared is in force.
    /// </summary>
    public JobRate? RateChangedTo { get; init; }

    /// <summary>Who set it; <see langword="null"/> when what the app has declared is in force.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>When it was set (UTC); <see langword="null"/> when what the app has declared is in force.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Why it was set; <see langword="null"/> when no reason was given.</summary>
    public string? Reason { get; init; }

    /// <summary>How many jobs are executed under it, of all keys.</summary>
    public long Running { get; init; }

    /// <summary>
    /// How many jobs wait that need its room, of all keys. Of jobs with the same limits and keys, up to
    /// <see cref="IJobLimits.MostCounted"/> are counted.
    /// </summary>
    public long Waiting { get; init; }
}
