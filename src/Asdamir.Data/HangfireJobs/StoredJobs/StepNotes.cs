using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The steps and cursors of a job: metadata beside the job, one entry each, kept as long as the job. The entries are numbered, because
/// other storages allow no long names of parameters; the name is inside.
/// </summary>
internal static class StepNotes
{
    public const string StepPrefix = "Step.";
    public const string CursorPrefix = "Cursor.";

    // A value may be as deep as the serializer allows, and is one level deeper here.
    private static readonly StepJson Json = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 256,
    });

    public static string NameOf(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

    public static string Write(StoredStep step) => JsonSerializer.Serialize(step, Json.StoredStep);

    public static string Write(StoredCursor cursor) => JsonSerializer.Serialize(cursor, Json.StoredCursor);

    /// <summary>The steps that can be read, in the order in which they were done.</summary>
    public static IReadOnlyList<StoredStep> ReadSteps(JobMetadata notes, string jobId) =>
        [.. Steps(notes.Read(jobId, StepPrefix)).Select(static entry => entry.Value).OfType<StoredStep>()];

    /// <summary>The cursors that can be read, in the order of their first use.</summary>
    public static IReadOnlyList<StoredCursor> ReadCursors(JobMetadata notes, string jobId) =>
        [.. Cursors(notes.Read(jobId, CursorPrefix)).Select(static entry => entry.Value).OfType<StoredCursor>()];

    /// <returns>By number; <see langword="null"/> for what cannot be read.</returns>
    public static IEnumerable<(int Number, StoredStep? Value)> Steps(IReadOnlyDictionary<string, string> notes) =>
        Entries(notes, StepPrefix, Json.StoredStep, static step => step.Name is not null && IsThere(step.Result));

    /// <inheritdoc cref="Steps"/>
    public static IEnumerable<(int Number, StoredCursor? Value)> Cursors(IReadOnlyDictionary<string, string> notes) =>
        Entries(notes, CursorPrefix, Json.StoredCursor, static cursor => cursor.Name is not null && IsThere(cursor.Value));

    private static bool IsThere(JsonElement value) => value.ValueKind != JsonValueKind.Undefined;

    private static IEnumerable<(int Number, T? Value)> Entries<T>(
        IReadOnlyDictionary<string, string> notes, string prefix, JsonTypeInfo<T> type, Func<T, bool> isComplete) where T : class =>
        notes
            .Where(note => note.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(note => (
                Number: int.TryParse(note.Key.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1,
                note.Value))
            .Where(static entry => entry.Number >= 0)
            .OrderBy(static entry => entry.Number)
            .Select(entry => (entry.Number, Read(entry.Value, type) is { } value && isComplete(value) ? value : null));

    // On other storages these are parameters that any process may write.
    private static T? Read<T>(string json, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(StoredStep))]
[JsonSerializable(typeof(StoredCursor))]
internal sealed partial class StepJson : JsonSerializerContext;
