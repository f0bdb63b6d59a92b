using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Asdamir.AdminConsole.Controls;

/// <summary>Hides the values of names that stand for secrets, in arguments and outputs.</summary>
/// <param name="more">Further names, separated by commas.</param>
internal sealed class Mask(string more)
{
    public const string Hidden = "•••";

    private const int MaxDepth = 1_000;
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };
    private static readonly string[] Parts = ["password", "passwd", "secret", "token", "apikey", "connectionstring", "authorization", "credential", "privatekey", "cookie", "cardnumber"];

    // These alone: every shipping address has a "pin" in it.
    private static readonly HashSet<string> Names = ["pin", "cvv", "pwd", "iban"];

    private readonly string[] _parts = [.. Parts, .. more.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Plain).Where(static part => part.Length > 0)];

    /// <summary>JSON for people, with secrets hidden. What is no JSON, or none that can be read, is shown as it is, unless the name of a secret is in it: then nothing of it is.</summary>
    public string Of(string json)
    {
        try
        {
            // Half a character, which JSON of others may hold, becomes a mark.
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json), new JsonDocumentOptions { MaxDepth = MaxDepth });
            var text = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(text, Readable))
                Write(writer, document.RootElement);
            return Encoding.UTF8.GetString(text.WrittenSpan);
        }
        catch (JsonException)
        {
            return IsSecret(Plain(json)) ? $"{Hidden} (it cannot be read, and seems to hold a secret)" : json;
        }
    }

    private void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var part in value.EnumerateObject())
                {
                    var name = Read(() => part.Name);
                    writer.WritePropertyName(name ?? "\uFFFD");
                    if (name is null || IsSecret(Plain(name)))
                        writer.WriteStringValue(Hidden);
                    else
                        Write(writer, part.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Read(value.GetString) ?? value.GetRawText()[1..^1]);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    // Escaped, half a character is still there.
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

    private bool IsSecret(string name) => Names.Contains(name) || Array.Exists(_parts, part => name.Contains(part, StringComparison.Ordinal));

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
