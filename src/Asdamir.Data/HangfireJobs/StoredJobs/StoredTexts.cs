using Newtonsoft.Json;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The JSON arrays of texts in which Hangfire stores names of types and arguments. Read token by token, as Hangfire's own
/// serializer follows every <c>$type</c> in them; with its reader, as it takes what others do not.
/// </summary>
internal static class StoredTexts
{
    /// <returns><see langword="null"/> when it is no such array.</returns>
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

    /// <summary>A text argument, which is stored as JSON; one that is no JSON string stands for itself, as with Hangfire.</summary>
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

    private static JsonTextReader Reader(string json) => new(new StringReader(json)) { DateParseHandling = DateParseHandling.None, MaxDepth = 2 };
}
