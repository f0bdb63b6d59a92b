using Hangfire.Storage;

namespace Asdamir.Data.Storage;

/// <summary>A job in a list.</summary>
public sealed record JobListItem
{
    /// <summary>The id of the job.</summary>
    public required string Id { get; init; }

    /// <summary>The name of its job type.</summary>
    public required string Name { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Its current state.</summary>
    public required string State { get; init; }

    /// <summary>When it entered the state (UTC).</summary>
    public required DateTimeOffset StateAt { get; init; }

    /// <summary>The reason of the state; <see langword="null"/> when none was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The data of the state: an exception, a server, a time.</summary>
    public required IReadOnlyDictionary<string, string> StateData { get; init; }

    /// <summary>When a worker last started it (UTC); <see langword="null"/> if none did.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// The parameters of the job as stored, which are JSON values; empty when they cannot be read.
    /// </summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Its priority, see <see cref="JobPriority"/>.</summary>
    public int Priority { get; init; } = JobPriority.Default;

    /// <summary>The stored call with its arguments. The caller loads it, because the class may be missing.</summary>
    public required InvocationData Invocation { get; init; }
}
