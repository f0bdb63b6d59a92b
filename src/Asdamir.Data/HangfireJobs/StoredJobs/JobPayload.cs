using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The JSON inside the envelope: the arguments, the owner's culture and the enqueuer's trace. It is one
/// string, so every process copies it byte for byte.
/// </summary>
/// <param name="Version">1. A build postpones versions it does not know.</param>
/// <param name="Args">The arguments; <see langword="null"/> for a job without any.</param>
internal sealed record JobPayload(
    int Version, JsonElement? Args, string? Culture, string? UICulture, string? TraceParent, string? TraceState)
{
    public const int CurrentVersion = 1;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a payload with the caller's culture and, unless the job belongs to a schedule, its trace.</summary>
    /// <param name="argsJson">The arguments, or empty for none.</param>
    public static string Write(ReadOnlySpan<byte> argsJson, Activity? trace)
    {
        using var buffer = new MemoryStream(argsJson.Length + 160);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("v", CurrentVersion);
            if (!argsJson.IsEmpty)
            {
                json.WritePropertyName("args");
                json.WriteRawValue(argsJson, skipInputValidation: true);
            }
            json.WriteString("culture", CultureInfo.CurrentCulture.Name);
            if (!CultureInfo.CurrentUICulture.Equals(CultureInfo.CurrentCulture))
                json.WriteString("uiCulture", CultureInfo.CurrentUICulture.Name);
            if (trace is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
            {
                json.WriteString("traceparent", id);
                if (!string.IsNullOrEmpty(trace.TraceStateString))
                    json.WriteString("tracestate", trace.TraceStateString);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <exception cref="JsonException">It is not a payload.</exception>
    public static JobPayload Read(string? json)
    {
        try
        {
            using var document = JsonDocument.Parse(json ?? throw new JsonException("The job has no payload."));
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // The reader reports an unpaired surrogate, raw or escaped, this way.
            throw new JsonException($"The job's payload is not valid Unicode text. {exception.Message}", exception);
        }
    }

    private static JobPayload Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("v", out var v) || v.ValueKind != JsonValueKind.Number
            || !v.TryGetInt32(out var version))
        {
            throw new JsonException("The job's payload has no version number \"v\".");
        }
        return new JobPayload(
            version,
            root.TryGetProperty("args", out var args) ? args.Clone() : null,
            Text(root, "culture"),
            Text(root, "uiCulture"),
            Text(root, "traceparent"),
            Text(root, "tracestate"));
    }

    /// <summary>The arguments as stored, for display; <see langword="null"/> when there are none or the payload is broken.</summary>
    public static string? ArgumentsOf(string? json)
    {
        try
        {
            return Read(json).Args?.GetRawText();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
