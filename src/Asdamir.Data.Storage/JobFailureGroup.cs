namespace Asdamir.Data.Storage;

/// <summary>Failed jobs of one job type, in one queue, with one kind of error.</summary>
public sealed record JobFailureGroup
{
    /// <summary>The name of the job type.</summary>
    public required string Name { get; init; }

    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>
    /// The kind of the error, see <see cref="ErrorFingerprint"/>; <see langword="null"/> for jobs that failed without an exception, or
    /// before their storage was updated.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>How many jobs are failed.</summary>
    public required long Count { get; init; }

    /// <summary>When the first of them failed (UTC).</summary>
    public required DateTimeOffset FirstAt { get; init; }

    /// <summary>When the latest of them failed (UTC).</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>The id of one of them, usually of the latest.</summary>
    public required string LastId { get; init; }

    /// <summary>The type of its exception; <see langword="null"/> when none was stored.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The message of its exception; <see langword="null"/> when none was stored.</summary>
    public string? ErrorMessage { get; init; }
}
