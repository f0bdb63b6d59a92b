using Hangfire.Storage;

namespace Asdamir.Data.Storage;

/// <summary>A job in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The name of its job.</param>
/// <param name="Queue">Its queue.</param>
/// <param name="State">The state it is in.</param>
/// <param name="StateAt">When it entered it, UTC.</param>
/// <param name="Reason">Why.</param>
/// <param name="StateData">What the state carries: an exception, a server, a time.</param>
/// <param name="StartedAt">When a worker began it last, UTC; <see langword="null"/> when none has.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="Invocation">What it calls, with its arguments. Loading the job is up to the caller: its class may not be there.</param>
public sealed record JobListItem(
    string Id, string Name, string Queue, string State, DateTime StateAt, string? Reason, IReadOnlyDictionary<string, string> StateData,
    DateTime? StartedAt, DateTime CreatedAt, InvocationData Invocation);
