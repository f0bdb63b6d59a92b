namespace Asdamir.Data.Storage;

/// <summary>A limit of a queue, and what it does at the moment.</summary>
public sealed record JobLimitStatus
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The name of the limit.</summary>
    public required string Name { get; init; }

    /// <summary>How many jobs of a key may be executed at the same time.</summary>
    public int MaxRunning => ChangedTo ?? Declared;

    /// <summary>How many jobs of a key may begin in a window; <see langword="null"/> for any number.</summary>
    public JobRate? Rate => RateChangedTo ?? DeclaredRate;

    /// <summary>What the app has declared.</summary>
    public required int Declared { get; init; }

    /// <summary>The rate that the app has declared, if any.</summary>
    public JobRate? DeclaredRate { get; init; }

    /// <summary>What an operator has set instead; <see langword="null"/> when what the app has declared is in force.</summary>
    public int? ChangedTo { get; init; }

    /// <summary>
    /// The rate that an operator has set instead; <see langword="null"/> when what the app has declared is in force.
    /// </summary>
    public JobRate? RateChangedTo { get; init; }

    /// <summary>Whether a job for which a claim finds no room is deleted instead of waiting, as the app has declared.</summary>
    public bool Skips { get; init; }

    /// <summary>Who set it.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was set, in UTC.</summary>
    public DateTime? ChangedAt { get; init; }

    /// <summary>How many jobs are executed under it, of all keys.</summary>
    public required long Running { get; init; }

    /// <summary>
    /// How many jobs wait that need its room, of all keys; of those with the same limits and keys up to
    /// <see cref="IJobLimits.MostCounted"/>.
    /// </summary>
    public required long Waiting { get; init; }
}
