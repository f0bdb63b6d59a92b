using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>
/// A run's log and progress as stored: notes beside the run, so that they live exactly as long as it does. The log is
/// a ring of chunks in which the newest lines win.
/// </summary>
internal static class RunLog
{
    public const int ChunkCount = 8;
    public const int ChunkCharacters = 8 * 1024;

    private const string ProgressNote = "Progress";
    private const string HeadNote = "LogHead";

    public static RunProgress? ReadProgress(RunNotes notes, string runId) =>
        notes.Read(runId, [ProgressNote]).TryGetValue(ProgressNote, out var json) ? Read(json, RunLogJson.Default.RunProgress) : null;

    /// <summary>The lines still kept, oldest first.</summary>
    public static IReadOnlyList<RunLogLine> ReadLines(RunNotes notes, string runId)
    {
        var names = Enumerable.Range(0, ChunkCount).Select(ChunkNote).ToList();
        var stored = notes.Read(runId, names);
        return [.. names
            .Where(stored.ContainsKey)
            .Select(name => Read(stored[name], RunLogJson.Default.RunLogChunk))
            .OfType<RunLogChunk>()
            .OrderBy(chunk => chunk.Number)
            .SelectMany(chunk => chunk.Lines ?? [])
            .Where(line => line is { Message: not null })];
    }

    /// <summary>The number of the newest chunk; -1 when there is none.</summary>
    public static int ReadHead(RunNotes notes, string runId) =>
        notes.Read(runId, [HeadNote]).TryGetValue(HeadNote, out var text) && int.TryParse(text, out var head) ? head : -1;

    public static void Add(Dictionary<string, string> notes, RunProgress progress) =>
        notes[ProgressNote] = JsonSerializer.Serialize(progress, RunLogJson.Default.RunProgress);

    public static void Add(Dictionary<string, string> notes, RunLogChunk chunk)
    {
        notes[ChunkNote(chunk.Number % ChunkCount)] = JsonSerializer.Serialize(chunk, RunLogJson.Default.RunLogChunk);
        notes[HeadNote] = chunk.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    // On a storage of others, these are parameters that anybody may write.
    private static T? Read<T>(string json, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static string ChunkNote(int slot) => $"Log.{slot}";
}

/// <summary>A line of a run's log.</summary>
internal sealed record RunLogLine(DateTimeOffset At, LogLevel Level, string Message);

/// <summary>A part of a run's log; a higher number is newer.</summary>
internal sealed record RunLogChunk(int Number, IReadOnlyList<RunLogLine> Lines);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunProgress))]
[JsonSerializable(typeof(RunLogChunk))]
internal sealed partial class RunLogJson : JsonSerializerContext;
