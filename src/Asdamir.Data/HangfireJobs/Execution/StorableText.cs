using System.Text;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Replaces characters in a job's text that a database refuses: NUL and unpaired surrogates. PostgreSQL rejects
/// both, and a failure that cannot be stored would lose its retries.
/// </summary>
internal static class StorableText
{
    public static string Of(string text)
    {
        if (IsStorable(text))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return clean.ToString();
    }

    public static bool IsStorable(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (rest[0] == 0 || Rune.DecodeFromUtf16(rest, out _, out var length) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[length..];
        }
        return true;
    }
}
