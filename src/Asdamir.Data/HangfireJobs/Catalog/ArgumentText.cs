using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Writes text as JSON does by default, but refuses half a surrogate pair, for which U+FFFD would arrive.</summary>
internal sealed class ArgumentText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        Check(value);
        writer.WriteStringValue(value);
    }

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        Check(value);
        writer.WritePropertyName(value);
    }

    public static void Check(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        for (; at >= 0 && at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
                continue;
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
            {
                throw new JsonException(
                    $"The text has half a surrogate pair (U+{(int)text[at]:X4}) at position {at}, which is no Unicode text.");
            }
            at++;
        }
    }
}
