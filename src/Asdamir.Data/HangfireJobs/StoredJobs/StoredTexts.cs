using Newtonsoft.Json;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The JSON arrays of texts in which Hangfire stores names of types and arguments. They are read token by token, because Hangfire's
/// serializer resolves every <c>$type</c> in them, and with its reader, because that accepts texts that others refuse.
/// </summary>
internal static class StoredTexts
{
    /// <returns><see langword="null"/> when it is not such an array.</returns>
    public static List<string?>? Read(string? json)
    {
        if (json is null)
            return [];
        try
        {
            using var reader = Reader(json);
            if (!reader.Read() || reader.TokenType != JsonToken.StartArray)
                return null;
            List<string?> texts = [];
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonToken.String:
                        texts.Add((string)reader.Value!);
                        break;
                    case JsonToken.Null:
                        texts.Add(null);
                        break;
                    case JsonToken.EndArray:
                        return texts;
                    default:
                        return null;
                }
            }
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string Write(IEnumerable<string?> texts)
    {
        using var text = new StringWriter();
        using var writer = new JsonTextWriter(text);
        writer.WriteStartArray();
        foreach (var value in texts)
            writer.WriteValue(value);
        writer.WriteEndArray();
        return text.ToString();
    }

    /// <summary>A text argument, which is stored as JSON. A text that is not a JSON string is taken literally, as Hangfire does.</summary>
    public static string Unquote(string argument)
    {
        try
        {
            using var reader = Reader(argument);
            return reader.Read() && reader.TokenType == JsonToken.String ? (string)reader.Value! : argument;
        }
        catch (JsonException)
        {
            return argument;
        }
    }

    private static JsonTextReader Reader(string json) =>
        new(new StringReader(json)) { DateParseHandling = DateParseHandling.None, MaxDepth = 2 };
}
