namespace Asdamir.Data.Storage.Tests.Differential;

/// <summary>
/// Texts of every kind: equal to others for some culture, of several characters that look like one, or hostile to databases and JSON.
/// </summary>
internal static class Text
{
    private static readonly string[] Usual =
    [
        "a", "A", "b", "a ", " ", "", "a\u00ad", "\u00ada", "a\u200d", "a\u200b", "\u00e9", "e\u0301", "i", "I", "\u0130", "\u0131",
        "i\u0307",
        "\u00df", "ss", "\u1e9e", "'", "\"", "\\", "%", "_", "{s}", "{now}", "@key", "$1", "<b>", "a\nb", "null", "\u007f",
        new string('n', 300),
    ];

    // A database sorts these after all characters of two surrogates, .NET before them: one of both kinds in a job.
    private static readonly string[] Late = ["\ufb01", "\uff41", "a\ufeff", "\ufffd", "\0", "a\0b", "\ud83d", "a\udc00b"];

    private static readonly string[] Pairs = ["\ud83d\ude00", "\ud83d\ude00\u200d", "a\ud835\udd38"];

    public static string[] Of(int seed) => [.. Usual, .. seed % 2 == 0 ? Late : Pairs];

    /// <summary>What our storages keep of a text: U+FFFD in the place of what PostgreSQL cannot hold.</summary>
    public static string Kept(string text) =>
        string.Concat(text.EnumerateRunes().Select(static rune => rune.Value == 0 ? "\ufffd" : rune.ToString()));
}
