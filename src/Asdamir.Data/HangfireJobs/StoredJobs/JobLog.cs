using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// A job's stored log and progress: metadata beside the job, kept exactly as long as the job. The log is
/// a ring of chunks that keeps the newest lines.
/// </summary>
internal static class JobLog
{
    public const int ChunkCount = 8;
    public const int ChunkCharacters = 8 * 1024;

    private const string ProgressNote = "Progress";
    private const string HeadNote = "LogHead";
    private const string ChunkPrefix = "Log.";

    public static JobProgress? ReadProgress(JobMetadata notes, string jobId) =>
        notes.Read(jobId, ProgressNote, [ProgressNote]).TryGetValue(ProgressNote, out var json)
            ? Read(json, JobLogJson.Default.JobProgress)
            : null;

    /// <summary>The remaining lines, oldest first.</summary>
    public static IReadOnlyList<JobLogLine> ReadLines(JobMetadata notes, string jobId)
    {
        var names = Enumerable.Range(0, ChunkCount).Select(ChunkNote).ToList();
        var stored = notes.Read(jobId, ChunkPrefix, names);
        return [.. names
            .Where(stored.ContainsKey)
            .Select(name => Read(stored[name], JobLogJson.Default.JobLogChunk))
            .OfType<JobLogChunk>()
            .OrderBy(chunk => chunk.Number)
            .SelectMany(chunk => chunk.Lines ?? [])
            .Where(line => line is { Message: not null })];
    }

    /// <summary>The number of the newest chunk; -1 when there is none.</summary>
    public static int ReadHead(JobMetadata notes, string jobId) =>
        notes.Read(jobId, HeadNote, [HeadNote]).TryGetValue(HeadNote, out var text) && int.TryParse(text, out var head) ? head : -1;

    public static void Add(Dictionary<string, string> notes, JobProgress progress) =>
        notes[ProgressNote] = JsonSerializer.Serialize(progress, JobLogJson.Default.JobProgress);

    public static void Add(Dictionary<string, string> notes, JobLogChunk chunk)
    {
        notes[ChunkNote(chunk.Number % ChunkCount)] = JsonSerializer.Serialize(chunk, JobLogJson.Default.JobLogChunk);
        notes[HeadNote] = chunk.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    // On other storages these are parameters that any process may write.
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

    private static string ChunkNote(int slot) => $"{ChunkPrefix}{slot}";
}

/// <summary>A part of a job's log; a higher number is newer.</summary>
internal sealed record JobLogChunk(int Number, IReadOnlyList<JobLogLine> Lines);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JobProgress))]
[JsonSerializable(typeof(JobLogChunk))]
internal sealed partial class JobLogJson : JsonSerializerContext;
