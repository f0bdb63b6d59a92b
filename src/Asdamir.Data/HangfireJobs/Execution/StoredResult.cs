using System.Globalization;
using System.Text;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The stored form of a success: <c>{"duration":"00:02:00","output":…}</c>, or <c>outputError</c> in place of the output.
/// </summary>
internal static partial class StoredResult
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxErrorCharacters = 500;

    /// <remarks>The work is done, so an output that cannot be stored is reported but does not fail the job. Serialising it executes code of
    /// the job.</remarks>
    public static string? Write(JobResult result, ILogger log)
    {
        if (result is { Duration: null, Output: null })
            return null;
        try
        {
            using var json = new LimitedStream(MaxBytes);
            JsonSerializer.Serialize(json, new { result.Duration, result.Output }, JobArguments.Json);
            return Encoding.UTF8.GetString(json.Written);
        }
        catch (Exception exception)
        {
            var reason = exception is LimitedStream.FullException
                ? string.Create(CultureInfo.InvariantCulture, $"The output takes more than {MaxBytes} bytes of JSON.")
                : Cut($"The output cannot be written as JSON: {StorableException.Of(exception).Message}");
            Log.OutputNotStored(log, reason);
            return JsonSerializer.Serialize(new { result.Duration, OutputError = reason }, JobArguments.Json);
        }
    }

    private static string Cut(string text) =>
        StorableText.Of(text.Length <= MaxErrorCharacters ? text : string.Concat(text.AsSpan(0, MaxErrorCharacters - 1), "…"));

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1112, Level = LogLevel.Warning,
            Message = "The output was not stored; the job succeeds without it. {Reason}")]
        public static partial void OutputNotStored(ILogger logger, string reason);
    }
}
