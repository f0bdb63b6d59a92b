using System.Text.RegularExpressions;

namespace Asdamir.Data.Docs.Tests;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page that contains it.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Language">The word after the fence.</param>
/// <param name="Harness">The name in its marker <c>&lt;!-- example: name --&gt;</c>; <see langword="null"/> without one.</param>
/// <param name="Text">Its lines.</param>
internal sealed partial record CodeBlock(string Page, int Line, string Language, string? Harness, string Text)
{
    public static string? HarnessOf(string comment) => Marker().Match(comment) is { Success: true } match ? match.Groups[1].Value : null;

    public override string ToString() => $"{Page}:{Line}";

    [GeneratedRegex("<!-- example: ([a-z-]+) -->")]
    private static partial Regex Marker();
}
