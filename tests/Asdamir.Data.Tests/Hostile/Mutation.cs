namespace Asdamir.Data.Tests.Hostile;

/// <summary>Spoils texts, most of them JSON, as truncation, other programs and attackers do.</summary>
internal static class Mutation
{
    private static readonly string[] Pieces =
    [
        "", " ", "null", "true", "0", "-1", "1.5", "1e400", "2147483648", "9223372036854775808", "99999999999999999999999999", "NaN",
        "[]", "{}", "\"\"", "{", "}", "[", "]", ":", ",", "\"", "\\", "\\\"", "\0", "\\u0000", "\\ud800", "\\\\ud800", "\ud83d", "\uFFFD",
        "\uFEFF", "\u202E", "日本語", "🦊",
        "\"v\":2", "\"v\":\"1\"", "\"$type\":\"System.Object\"", "{0}", "%s", "<script>", "'; DROP TABLE job; --",
        "1700000000000", "2026-11-24T00:00:00.0000000Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "yesterday",
        "{\"Type\":\"System.Console, System.Console\",\"Method\":\"Clear\",\"ParameterTypes\":\"[]\",\"Arguments\":\"[]\"}",
        new('[', 200), Nested("[", "]", 100), Nested("{\"a\":", "}", 100), Nested("[", "]", 5_000), new('x', 3_000), new('9', 400),
        "\"" + new string('y', 300_000) + "\"",
    ];

    public static string Piece(Random random) => Pieces[random.Next(Pieces.Length)];

    public static string Of(string text, Random random)
    {
        for (var edits = random.Next(1, 4); edits > 0; edits--)
            text = Edit(text, random);
        return text;
    }

    private static string Edit(string text, Random random)
    {
        var from = random.Next(text.Length + 1);
        var to = random.Next(from, Math.Min(text.Length, from + 20) + 1);
        return random.Next(8) switch
        {
            0 => text[..from],
            1 => text[..from] + text[to..],
            2 => text[..to] + text[from..],
            3 => text[..from] + (char)random.Next(0x20, 0x7F) + text[to..],
            4 => text[..from] + Piece(random) + text[from..],
            5 => Piece(random),
            6 => InPlaceOfAValue(text, random),
            _ => text[..from] + Piece(random) + text[to..],
        };
    }

    // The rest stays valid, so that it gets further than to the first parser.
    private static string InPlaceOfAValue(string text, Random random)
    {
        var colons = Enumerable.Range(0, text.Length).Where(i => text[i] == ':').ToList();
        if (colons.Count == 0)
            return Piece(random);
        var from = colons[random.Next(colons.Count)] + 1;
        var to = text.IndexOfAny([',', '}'], from);
        return text[..from] + Piece(random) + (to < 0 ? "" : text[to..]);
    }

    private static string Nested(string open, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + "0" + string.Concat(Enumerable.Repeat(close, depth));
}
