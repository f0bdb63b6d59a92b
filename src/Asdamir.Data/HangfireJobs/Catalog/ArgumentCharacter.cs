using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Like <see cref="ArgumentText"/>, for a single character.</summary>
internal sealed class ArgumentCharacter : JsonConverter<char>
{
    private static readonly JsonConverter<char> Inner = (JsonConverter<char>)JsonSerializerOptions.Default.GetConverter(typeof(char));

    public override char Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Inner.Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, char value, JsonSerializerOptions options)
    {
        ArgumentText.Check([value]);
        Inner.Write(writer, value, options);
    }

    public override char ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Inner.ReadAsPropertyName(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, char value, JsonSerializerOptions options)
    {
        ArgumentText.Check([value]);
        Inner.WriteAsPropertyName(writer, value, options);
    }
}
