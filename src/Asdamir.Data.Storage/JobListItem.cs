using Hangfire.Storage;

namespace Asdamir.Data.Storage;

/// <summary>A job in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The name of its job type.</param>
/// <param name="Queue">Its queue.</param>
/// <param name="State">Its current state.</param>
/// <param name="StateAt">When it entered the state, UTC.</param>
/// <param name="Reason">The reason of the state.</param>
/// <param name="StateData">The data of the state: an exception, a server, a time.</param>
/// <param name="StartedAt">When a worker last started it, UTC; <see langword="null"/> if none did.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="Invocation">The stored call with its arguments. The caller loads it, because the class may be missing.</param>
public sealed record JobListItem(
    string Id, string Name, string Queue, string State, DateTime StateAt, string? Reason, IReadOnlyDictionary<string, string> StateData,
    DateTime? StartedAt, DateTime CreatedAt, InvocationData Invocation);
