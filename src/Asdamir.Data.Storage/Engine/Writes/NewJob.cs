using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A job that does not exist yet.</summary>
internal sealed class NewJob
{
    public required long CreatedAt { get; init; }

    public required long ExpireAt { get; init; }

    public required string Name { get; init; }

    public required JobCall Invocation { get; init; }

    /// <summary>What it has in common with others, see <see cref="InvocationTable"/>.</summary>
    public required long InvocationId { get; init; }

    public required Dictionary<string, string?> Parameters { get; init; }

    public IReadOnlyList<JobKey> Keys { get; init; } = [];

    /// <summary>Its place in a queue; <see langword="null"/> when it waits in the order of arrival.</summary>
    public QueuePlace? Place { get; init; }

    /// <summary>
    /// Whether a job that has its unique key, and has not begun, gets its arguments and its time; otherwise that one stays as it is.
    /// </summary>
    public bool Replaces { get; init; }

    /// <summary>
    /// The state of one whose key belongs to another job, by the id of that, and when the new job expires; <see langword="null"/> when it
    /// is not stored then.
    /// </summary>
    public Func<long, (StateWrite State, long ExpireAt)>? Skipped { get; init; }

    /// <summary>This job in the place of another new one.</summary>
    public NewJob As(NewJob other, Dictionary<string, string?> parameters) => new()
    {
        CreatedAt = other.CreatedAt,
        ExpireAt = ExpireAt,
        Name = Name,
        Invocation = Invocation,
        InvocationId = InvocationId,
        Parameters = parameters,
        Place = other.Place,
    };
}
