using System.Globalization;
using System.Text.Json;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>A job that waits for another one, as Hangfire stores it with the parent.</summary>
/// <param name="JobId">The id of the waiting job.</param>
/// <param name="Options">Which ends of the parent it waits for.</param>
internal sealed record Continuation(string JobId, JobContinuationOptions Options)
{
    /// <summary>The name of Hangfire's list among the parameters of a job.</summary>
    public const string Parameter = "Continuations";

    /// <summary>Reads the list without loading a type that it may name.</summary>
    /// <exception cref="JsonException">It is not a list of continuations.</exception>
    public static IReadOnlyList<Continuation> ReadList(string? stored)
    {
        if (string.IsNullOrEmpty(stored))
            return [];
        using var json = JsonDocument.Parse(stored);
        return json.RootElement.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Array => [.. json.RootElement.EnumerateArray().Select(Read).OfType<Continuation>()],
            _ => throw new JsonException($"The list of continuations is a JSON {json.RootElement.ValueKind} and not an array."),
        };
    }

    // Hangfire before version 1.7 wrote the names by the app's serializer settings.
    private static Continuation? Read(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            throw new JsonException($"An entry in the list of continuations is a JSON {entry.ValueKind} and not an object.");
        string? jobId = null;
        var options = JobContinuationOptions.OnAnyFinishedState;
        foreach (var property in entry.EnumerateObject())
        {
            if (property.Name.Equals("JobId", StringComparison.OrdinalIgnoreCase))
                jobId = property.Value.ToString();
            else if (property.Name.Equals("Options", StringComparison.OrdinalIgnoreCase))
                options = ReadOptions(property.Value);
        }
        return string.IsNullOrWhiteSpace(jobId) ? null : new Continuation(jobId, options);
    }

    /// <summary>Reads a number or a name.</summary>
    public static JobContinuationOptions ReadOptions(JsonElement value) =>
        Enum.TryParse<JobContinuationOptions>(value.ToString(), ignoreCase: true, out var options)
            ? options
            : throw new JsonException(
                string.Create(
                    CultureInfo.InvariantCulture, $"The options of a continuation cannot be read from a JSON {value.ValueKind}."));
}
