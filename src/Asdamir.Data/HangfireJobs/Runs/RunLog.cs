using System.Text.Json;
using System.Text.Json.Serialization;
using Hangfire.Storage;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>
/// A run's log and progress as stored: parameters of the run, so that they live exactly as long as it does. The
/// log is a ring of chunks in which the newest lines win.
/// </summary>
internal static class RunLog
{
    public const int ChunkCount = 8;
    public const int ChunkCharacters = 8 * 1024;

    private const string ProgressParameter = "Progress";
    private const string HeadParameter = "LogHead";

    public static RunProgress? ReadProgress(IStorageConnection connection, string runId) =>
        connection.GetJobParameter(runId, ProgressParameter) is { } json
            ? JsonSerializer.Deserialize(json, RunLogJson.Default.RunProgress)
            : null;

    /// <summary>The lines still kept, oldest first.</summary>
    public static IReadOnlyList<RunLogLine> ReadLines(IStorageConnection connection, string runId)
    {
        var head = ReadHead(connection, runId);
        if (head < 0)
            return [];
        return [.. Enumerable.Range(0, ChunkCount)
            .Select(slot => connection.GetJobParameter(runId, ChunkParameter(slot)))
            .OfType<string>()
            .Select(json => JsonSerializer.Deserialize(json, RunLogJson.Default.RunLogChunk)!)
            .OrderBy(chunk => chunk.Number)
            .SelectMany(chunk => chunk.Lines)];
    }

    /// <summary>The number of the newest chunk; -1 when there is none.</summary>
    public static int ReadHead(IStorageConnection connection, string runId) =>
        int.TryParse(connection.GetJobParameter(runId, HeadParameter), out var head) ? head : -1;

    public static void Write(IStorageConnection connection, string runId, RunProgress progress) =>
        connection.SetJobParameter(runId, ProgressParameter, JsonSerializer.Serialize(progress, RunLogJson.Default.RunProgress));

    public static void Write(IStorageConnection connection, string runId, RunLogChunk chunk)
    {
        connection.SetJobParameter(runId, ChunkParameter(chunk.Number % ChunkCount), JsonSerializer.Serialize(chunk, RunLogJson.Default.RunLogChunk));
        connection.SetJobParameter(runId, HeadParameter, chunk.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string ChunkParameter(int slot) => $"Log.{slot}";
}

/// <summary>A line of a run's log.</summary>
internal sealed record RunLogLine(DateTimeOffset At, LogLevel Level, string Message);

/// <summary>A part of a run's log; a higher number is newer.</summary>
internal sealed record RunLogChunk(int Number, IReadOnlyList<RunLogLine> Lines);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunProgress))]
[JsonSerializable(typeof(RunLogChunk))]
internal sealed partial class RunLogJson : JsonSerializerContext;
