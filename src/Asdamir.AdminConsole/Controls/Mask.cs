using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Asdamir.AdminConsole.Controls;

/// <summary>Hides the values of names that stand for secrets, in arguments and outputs.</summary>
/// <param name="more">Further names, separated by commas.</param>
internal sealed class Mask(string more)
{
    public const string Hidden = "•••";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Parts = ["password", "passwd", "secret", "token", "apikey", "connectionstring", "authorization", "credential", "privatekey", "cookie", "cardnumber"];

    // These alone: every shipping address has a "pin" in it.
    private static readonly HashSet<string> Names = ["pin", "cvv", "pwd", "iban"];

    private readonly string[] _parts = [.. Parts, .. more.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Plain)];

    /// <summary>JSON for people, with secrets hidden. What is no JSON, or none that can be read, is shown as it is, unless the name of a secret is in it: then nothing of it is.</summary>
    public string Of(string json)
    {
        try
        {
            var node = JsonNode.Parse(json);
            Hide(node);
            return node?.ToJsonString(Readable) ?? "null";
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return IsSecret(Plain(json)) ? $"{Hidden} (it cannot be read, and seems to hold a secret)" : json;
        }
    }

    private void Hide(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject parts:
                foreach (var name in parts.Select(static part => part.Key).ToList())
                {
                    if (IsSecret(Plain(name)))
                        parts[name] = Hidden;
                    else
                        Hide(parts[name]);
                }
                break;
            case JsonArray items:
                foreach (var item in items)
                    Hide(item);
                break;
        }
    }

    private bool IsSecret(string name) => Names.Contains(name) || Array.Exists(_parts, part => name.Contains(part, StringComparison.Ordinal));

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
