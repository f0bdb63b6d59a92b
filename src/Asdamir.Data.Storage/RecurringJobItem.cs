using Hangfire.Storage;

namespace Asdamir.Data.Storage;

/// <summary>A recurring job as stored.</summary>
public sealed record RecurringJobItem
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The fields of its hash, in which Hangfire keeps it; none when only the id is left.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>The state of the latest job it created; <see langword="null"/> when there is none, or it is no longer stored.</summary>
    public StateData? LastJobState { get; init; }
}
