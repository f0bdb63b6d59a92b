using System.Text.Json;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The state that a waiting job enters next, as stored with its Awaiting state. The stored text names a type; only
/// Hangfire's states for a job that has not started are created from it.
/// </summary>
internal static class StoredNextState
{
    private const string Namespace = "Hangfire.States.";

    public static IState Read(StateData awaiting)
    {
        try
        {
            using var json = JsonDocument.Parse(awaiting.Data["NextState"]);
            return Read(json.RootElement);
        }
        catch (Exception exception) when (
            exception is JsonException or KeyNotFoundException or FormatException or ArgumentException or InvalidOperationException)
        {
            return new FailedState(exception) { Reason = "The state that the job was to enter next cannot be read" };
        }
    }

    private static IState Read(JsonElement state)
    {
        var reason = Text(state, nameof(IState.Reason));
        return Text(state, "$type")?.Split(',')[0] switch
        {
            Namespace + nameof(EnqueuedState) =>
                Text(state, nameof(EnqueuedState.Queue)) is { } queue
                    ? new EnqueuedState(queue) { Reason = reason }
                    : new EnqueuedState { Reason = reason },
            Namespace + nameof(ScheduledState) =>
                new ScheduledState(state.GetProperty(nameof(ScheduledState.EnqueueAt)).GetDateTime().ToUniversalTime()) { Reason = reason },
            Namespace + nameof(DeletedState) => new DeletedState { Reason = reason },
            Namespace + nameof(AwaitingState) => new AwaitingState(
                Text(state, nameof(AwaitingState.ParentId))!,
                Read(state.GetProperty(nameof(AwaitingState.NextState))),
                state.TryGetProperty(nameof(AwaitingState.Options), out var options) ? Continuation.ReadOptions(options) : default)
            { Reason = reason },
            var other => throw new JsonException($"A continuation cannot enter a state of type '{other}'."),
        };
    }

    private static string? Text(JsonElement state, string name) => state.TryGetProperty(name, out var value) ? value.GetString() : null;
}
