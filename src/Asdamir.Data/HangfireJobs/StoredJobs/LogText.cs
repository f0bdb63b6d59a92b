using System.Globalization;
using System.Text;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Untrusted text for a log: it cannot forge a line, and cannot control the terminal that shows it.</summary>
internal readonly record struct LogText(string? Text)
{
    public override string ToString()
    {
        if (Text is null || !Text.Any(IsControl))
            return Text ?? "";
        var safe = new StringBuilder(Text.Length + 16);
        foreach (var character in Text)
        {
            if (IsControl(character))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                safe.Append(character);
        }
        return safe.ToString();
    }

    // Also line and paragraph separators, and characters that reverse the text direction.
    private static bool IsControl(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
