using System.Text.Json;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// The two stored texts that Hangfire reads with a serializer that builds the types they name. Where a process loads chosen
/// jobs only, it sees nothing but what Hangfire itself writes there.
/// </summary>
internal static class UntrustedJson
{
    public const string Continuations = "Continuations";
    public const string NextState = "NextState";

    private const string BrokenList = "[{";

    // Hangfire makes a failed child of it, and says that the next state could not be read.
    private const string Unreadable = "{}";

    private static readonly HashSet<string> NextStates =
        [
            .. new[]
            {
                typeof(EnqueuedState), typeof(ScheduledState), typeof(DeletedState), typeof(AwaitingState)
            }.Select(static state => $"{state.FullName}, Hangfire.Core")
        ];

    public static Dictionary<string, string> ReadState(CurrentState state, IJobLoader? loader)
    {
        var data = state.Data;
        if (loader is not null && data.TryGetValue(NextState, out var next))
            data[NextState] = NextStateOf(next);
        return data;
    }

    /// <returns>The children that the text names, and nothing else of it; for a broken list one that is refused as such.</returns>
    public static string ContinuationsOf(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind != JsonValueKind.Array
                ? BrokenList
                : JsonSerializer.Serialize(json.RootElement.EnumerateArray()
                .Select(static child => new Child(
                    Find(child, "JobId")?.ToString(),
                    Find(child, "Options") is { } options
                        ? Enum.Parse<JobContinuationOptions>(options.ToString(), ignoreCase: true)
                        : default)));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException or OverflowException)
        {
            return BrokenList;
        }
    }

    /// <returns>The text when it is one of Hangfire's own states with plain values; otherwise one that no state can be read from, so that
    /// the child fails.</returns>
    public static string NextStateOf(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return IsPlain(json.RootElement) ? text : Unreadable;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Unreadable;
        }
    }

    private static bool IsPlain(JsonElement state) => state.ValueKind == JsonValueKind.Object && state.EnumerateObject().All(IsPlain);

    private static bool IsPlain(JsonProperty property) =>
        property.Name == "$type"
            ? property.Value.ValueKind == JsonValueKind.String && NextStates.Contains(property.Value.GetString()!)
            : !property.Name.StartsWith('$')
                && (property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
                    || (property.Name == NextState && IsPlain(property.Value)));

    private static JsonElement? Find(JsonElement child, string name)
    {
        foreach (var property in child.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return property.Value;
        }
        return null;
    }

    private sealed record Child(string? JobId, JobContinuationOptions Options);
}
