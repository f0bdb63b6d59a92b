using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Asdamir.Data.Storage.Sql;

/// <summary>Names and texts as stored: one flat JSON object.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static string Write(IEnumerable<KeyValuePair<string, string?>>? values)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        var writer = _writer ??= new Utf8JsonWriter(buffer, Options);
        writer.Reset(buffer);
        writer.WriteStartObject();
        foreach (var (name, value) in values ?? [])
        {
            if (value is null)
                writer.WriteNull(StorableText.Of(name));
            else
                writer.WriteString(StorableText.Of(name), StorableText.Of(value));
        }
        writer.WriteEndObject();
        writer.Flush();
        var json = Encoding.UTF8.GetString(buffer.WrittenSpan);
        // Do not keep the buffer of one exceptionally large value for the life of the thread.
        if (buffer.Capacity > 256 * 1024)
        {
            _buffer = null;
            _writer = null;
        }
        return json;
    }

    /// <remarks>Anything else reads as empty: one corrupt row must not make a list unreadable.</remarks>
    public static Dictionary<string, string> Read(string? json)
    {
        TryRead(json, out var values);
        return values;
    }

    /// <returns>Whether it is an object that databases can change, too.</returns>
    public static bool TryRead(string? json, out Dictionary<string, string> values)
    {
        values = [];
        if (json is not { Length: > 2 })
            return json is "{}";
        try
        {
            var length = Encoding.UTF8.GetMaxByteCount(json.Length);
            var rented = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                var reader = new Utf8JsonReader(rented.AsSpan(0, Encoding.UTF8.GetBytes(json, rented)));
                var isSound = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
                while (reader.Read())
                {
                    if (reader.TokenType != JsonTokenType.PropertyName)
                        continue;
                    var name = reader.GetString()!;
                    reader.Read();
                    // Hangfire keeps null values, although its types do not say so.
                    if (reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
                        values[name] = reader.GetString()!;
                    else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                        reader.Skip();
                }
                // PostgreSQL has no such character, not even escaped.
                return isSound && !json.Contains("\\u0000", StringComparison.Ordinal);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter for an unpaired surrogate.
            return false;
        }
    }
}
