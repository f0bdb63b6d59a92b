using System.Text;

namespace Asdamir.Data.Storage.Sql;

/// <summary>
/// Replaces characters that a database refuses, NUL and unpaired surrogates, by U+FFFD.
/// The text of a job or an exception must not make its state impossible to store.
/// </summary>
internal static class StorableText
{
    public static string Of(string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal) && !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return clean.ToString();
    }

    public static string? OrNull(string? text) => text is null ? null : Of(text);
}
