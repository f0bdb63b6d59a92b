using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// Hides secrets in texts of jobs: arguments, outputs, errors, logs. API, dashboard and console share it. A text without a
/// secret is shown unchanged.
/// </summary>
/// <param name="more">More names whose values are hidden, separated by commas.</param>
internal sealed class SecretMask(string more)
{
    public const string Hidden = "•••";

    /// <summary>The longest text that is scanned and shown.</summary>
    public const int LongestText = 1_000_000;

    private const int MaxDepth = 1_000;
    private const int MaxNesting = 4;
    private static readonly string[] PairNames = ["name", "key", "header", "parameter", "field", "id"];
    private static readonly string[] PairValues = ["value", "values", "val", "content"];
    private static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth
    };
    private static readonly JsonWriterOptions Indented = Compact with { Indented = true };

    private readonly SecretNames _names = new(more);

    [return: NotNullIfNotNull(nameof(text))]
    public string? Of(string? text) => text is null ? null : Of(text, nesting: 0);

    /// <summary>Formats JSON for display, with secrets hidden. Text that is not JSON is masked as text.</summary>
    [return: NotNullIfNotNull(nameof(json))]
    public string? Readable(string? json) =>
        json is null ? null : TryMask(Cut(json), nesting: 0, Indented, out var masked, out _) ? masked : Of(json);

    /// <summary>Masks the value of a named field or parameter.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public string? Of(string? name, string? value) => value is not null && name is not null && _names.Contain(name) ? Hidden : Of(value);

    /// <returns>A copy that is read without regard to case, as Hangfire reads fields of states.</returns>
    public Dictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> values)
    {
        var masked = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in values)
            masked[name] = Of(name, value);
        return masked;
    }

    private string Of(string text, int nesting)
    {
        text = Cut(text);
        return LooksLikeJson(text) && TryMask(text, nesting, Compact, out var masked, out var hides)
            ? hides ? masked : text
            : SecretText.Mask(text, _names);
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "…");

    private static bool LooksLikeJson(string text) => text.AsSpan().TrimStart() is ['{' or '[' or '"', ..];

    private bool TryMask(string text, int nesting, JsonWriterOptions options, [NotNullWhen(true)] out string? masked, out bool hides)
    {
        masked = null;
        hides = false;
        if (nesting > MaxNesting)
            return false;
        try
        {
            // An unpaired surrogate, which foreign JSON may contain, is replaced.
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text), new JsonDocumentOptions { MaxDepth = MaxDepth });
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer, options))
                Write(writer, document.RootElement, nesting, ref hides);
            masked = Encoding.UTF8.GetString(buffer.WrittenSpan);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Write(Utf8JsonWriter writer, JsonElement value, int nesting, ref bool hides)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, value, nesting, ref hides);
                break;
            case JsonValueKind.Array:
                WriteArray(writer, value, nesting, ref hides);
                break;
            case JsonValueKind.String:
                var text = Read(value.GetString) ?? value.GetRawText()[1..^1];
                var masked = Of(text, nesting + 1);
                hides |= masked != text;
                writer.WriteStringValue(masked);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private void WriteObject(Utf8JsonWriter writer, JsonElement value, int nesting, ref bool hides)
    {
        // As in {"name":"password","value":"…"}.
        var isSecretPair = value.EnumerateObject().Any(part =>
            part.Value.ValueKind == JsonValueKind.String && IsOneOf(PairNames, part) && Read(part.Value.GetString) is { } named
                && _names.Contain(named));
        writer.WriteStartObject();
        foreach (var part in value.EnumerateObject())
        {
            var name = Read(() => part.Name);
            writer.WritePropertyName(name ?? "\uFFFD");
            if (name is null || _names.Contain(name) || (isSecretPair && IsOneOf(PairValues, part)))
                Hide(writer, ref hides);
            else
                Write(writer, part.Value, nesting, ref hides);
        }
        writer.WriteEndObject();
    }

    private void WriteArray(Utf8JsonWriter writer, JsonElement value, int nesting, ref bool hides)
    {
        // As in ["--password","…"].
        var isNamed = false;
        writer.WriteStartArray();
        foreach (var item in value.EnumerateArray())
        {
            if (isNamed && item.ValueKind == JsonValueKind.String)
                Hide(writer, ref hides);
            else
                Write(writer, item, nesting, ref hides);
            isNamed = !isNamed && item.ValueKind == JsonValueKind.String && Read(item.GetString) is { } name && IsName(name);
        }
        writer.WriteEndArray();
    }

    private bool IsName(string text) =>
        _names.ContainOption(text) || (!text.Contains(' ', StringComparison.Ordinal) && _names.Contain(text));

    private static void Hide(Utf8JsonWriter writer, ref bool hides)
    {
        writer.WriteStringValue(Hidden);
        hides = true;
    }

    private static bool IsOneOf(string[] names, JsonProperty part) =>
        Read(() => part.Name) is { } name && names.Contains(name, StringComparer.OrdinalIgnoreCase);

    // An escaped unpaired surrogate remains.
    private static string? Read(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
