namespace Asdamir.Data.Storage;

/// <summary>The criteria of a search. A property that is not set does not restrict it.</summary>
public sealed record JobQuery
{
    /// <summary>
    /// The name of the state, as in <c>Failed</c>. A job whose time has come and that waits in its queue counts as
    /// <c>Enqueued</c>. The default value is <see langword="null"/>: all of Hangfire's states.
    /// </summary>
    public string? State { get; init; }

    /// <summary>The queue, exactly.</summary>
    public string? Queue { get; init; }

    /// <summary>The name of the job type, exactly.</summary>
    public string? Name { get; init; }

    /// <summary>The kind of the error with which the job has failed, see <see cref="ErrorFingerprint"/>; only with the state
    /// <c>Failed</c>, and none of other states has it.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// Only jobs that wait for another attempt after an error; only with the state <c>Scheduled</c>, and none of other states does. The
    /// default value is <see langword="false"/>.
    /// </summary>
    public bool Retries { get; init; }

    /// <summary>The earliest time at which the job entered its state (UTC).</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The time before which the job entered its state (UTC).</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// A text that the arguments or the state (an exception, a result) contain; case-insensitive. Reads
    /// at most 10,000 jobs a page; see <see cref="JobPage.IsPartial"/>. A job id is found whatever its age, unless the job waits in a
    /// queue.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>
    /// Decides instead of <see cref="Text"/>, of which only a job id counts then, for example because a user sees only a part of the texts
    /// of a job. It gets each of up to 10,000 jobs a page, whatever they contain; so neither the page, its cursor, a count nor the work for
    /// them tells anything about the jobs that it rejects. The default value is <see langword="null"/>: every job is accepted.
    /// </summary>
    public Func<JobListItem, bool>? Accepts { get; init; }

    /// <summary>Whether the oldest state changes come first. The default value is <see langword="false"/>: the newest first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary><see cref="JobPage.Next"/> of the previous page; <see langword="null"/> for the first page.</summary>
    public string? After { get; init; }

    /// <summary>The maximum number of jobs on a page, 1 to 1,000. The default value is 50.</summary>
    public int Size { get; init; } = 50;
}
