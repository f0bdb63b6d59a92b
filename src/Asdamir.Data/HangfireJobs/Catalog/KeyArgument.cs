using System.Text;
using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Reads a key of a job from its arguments.</summary>
/// <param name="member">The member of the arguments whose value is the key, by its name in JSON.</param>
internal sealed class KeyArgument(string member)
{
    /// <param name="json">The arguments; empty for a job without any.</param>
    /// <returns>The key: the text of the member, and a hash of a long one; <see langword="null"/> for none.</returns>
    public string? KeyOf(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
            return null;
        using var arguments = JsonDocument.Parse(json);
        if (arguments.RootElement.ValueKind != JsonValueKind.Object || !arguments.RootElement.TryGetProperty(member, out var value))
            return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
        return string.IsNullOrEmpty(text) ? null : StorableKey.Of(Encoding.UTF8.GetBytes(text));
    }
}
