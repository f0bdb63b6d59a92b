using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>What is stored of a success: <c>{"duration":"00:02:00","output":…}</c>.</summary>
internal static partial class RunResult
{
    private const int MaxBytes = 64 * 1024;

    /// <remarks>The work is done, so an output that cannot be stored is reported but does not fail the run.</remarks>
    public static string? Write(JobResult result, ILogger log, string runId)
    {
        if (result is { Duration: null, Output: null })
            return null;
        try
        {
            var json = JsonSerializer.Serialize(new { result.Duration, result.Output }, JobArguments.Json);
            if (json.Length <= MaxBytes)
                return json;
            Log.OutputTooLarge(log, runId, json.Length, MaxBytes);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException)
        {
            Log.OutputNotSerialisable(log, exception, runId);
        }
        return JsonSerializer.Serialize(new { result.Duration }, JobArguments.Json);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1111, Level = LogLevel.Warning, Message = "The output of run {RunId} was not stored: it takes {Size} characters of JSON, the limit is {Limit}")]
        public static partial void OutputTooLarge(ILogger logger, string runId, int size, int limit);

        [LoggerMessage(EventId = 1112, Level = LogLevel.Warning, Message = "The output of run {RunId} was not stored: it cannot be written as JSON")]
        public static partial void OutputNotSerialisable(ILogger logger, Exception exception, string runId);
    }
}
