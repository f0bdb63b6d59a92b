using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>Selects jobs. A condition that is left out does not narrow the selection.</summary>
public sealed record JobListFilter
{
    /// <summary>The state; <see langword="null"/> (the default) for any.</summary>
    public JobState? State { get; init; }

    /// <summary>The app, by its queue; <see langword="null"/> (the default) for all apps the monitor shows.</summary>
    public string? App { get; init; }

    /// <summary>The name of the job type; <see langword="null"/> (the default) for any.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The kind of the error, see <see cref="JobFailureGroup.Fingerprint"/>: only jobs that have failed with it; <see langword="null"/>
    /// (the default) for any.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// Whether only jobs are selected that wait for another attempt after an error; their state is Scheduled. The default value is
    /// <see langword="false"/>.
    /// </summary>
    public bool Retries { get; init; }

    /// <summary>Only jobs that entered their state at this time or later; <see langword="null"/> (the default) for no limit.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only jobs that entered their state before this time; <see langword="null"/> (the default) for no limit.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// A text in the arguments, error or result as they are shown, or the id of a job; <see langword="null"/> (the default) for any.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Whether the oldest jobs come first. The default value is <see langword="false"/>: the newest do.</summary>
    public bool OldestFirst { get; init; }
}
