using System.Buffers;
using System.Text;

namespace Asdamir.Data.Storage.Database;

/// <summary>
/// Text without what a database refuses: NUL characters and halves of surrogate pairs, each replaced by U+FFFD.
/// What a job or an exception wrote must not make its state impossible to store.
/// </summary>
internal static class StorableText
{
    private static readonly SearchValues<char> Suspicious = SearchValues.Create([
        '\0', .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAny(Suspicious))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return clean.ToString();
    }

    public static string? OrNull(string? text) => text is null ? null : Of(text);
}
