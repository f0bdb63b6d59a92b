using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The JSON inside the envelope: the arguments, the owner's culture, the enqueuer's trace and context. It is one
/// string, so every process copies it byte for byte.
/// </summary>
/// <param name="Version">1. A build postpones versions it does not know.</param>
/// <param name="Args">The arguments; <see langword="null"/> for a job without any.</param>
/// <param name="Context">What was ambient for the enqueuer; <see langword="null"/> for nothing.</param>
internal sealed record JobPayload(
    int Version, JsonElement? Args, string? Culture, string? UICulture, string? TraceParent, string? TraceState,
    IReadOnlyDictionary<string, string>? Context)
{
    public const int CurrentVersion = 1;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a payload with the caller's culture and, unless the job belongs to a schedule, its trace.</summary>
    /// <param name="argsJson">The arguments, or empty for none.</param>
    /// <param name="trace">The trace; <see langword="null"/> for none.</param>
    /// <param name="contextJson">What <see cref="WriteContext"/> wrote, or empty.</param>
    public static string Write(ReadOnlySpan<byte> argsJson, Activity? trace, ReadOnlySpan<byte> contextJson = default)
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
            if (!contextJson.IsEmpty)
            {
                json.WritePropertyName("context");
                json.WriteRawValue(contextJson, skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Writes what was ambient for the enqueuer.</summary>
    public static byte[] WriteContext(IEnumerable<KeyValuePair<string, string>> context)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            foreach (var (name, value) in context)
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        return buffer.ToArray();
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
            Text(root, "tracestate"),
            root.TryGetProperty("context", out var context) ? Texts(context) : null);
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

    /// <summary>What was ambient for the enqueuer; <see langword="null"/> for nothing, or when the payload is broken.</summary>
    public static IReadOnlyDictionary<string, string>? ContextOf(string? json)
    {
        try
        {
            return Read(json).Context;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dictionary<string, string>? Texts(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (var text in value.EnumerateObject().Where(static part => part.Value.ValueKind == JsonValueKind.String))
            texts[text.Name] = text.Value.GetString()!;
        return texts;
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
