using System.Text.RegularExpressions;

namespace Asdamir.Data.Docs.Tests;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page that contains it.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Language">The word after the fence.</param>
/// <param name="Harness">The name in its marker <c>&lt;!-- example: name --&gt;</c>; <see langword="null"/> without one.</param>
/// <param name="Source">The file in its marker <c>&lt;!-- from: path --&gt;</c>, in which it stands; <see langword="null"/> without one.
/// </param>
/// <param name="Text">Its lines.</param>
internal sealed partial record CodeBlock(string Page, int Line, string Language, string? Harness, string? Source, string Text)
{
    public static string? HarnessOf(string comment) => ValueOf(Marker().Match(comment));

    public static string? SourceOf(string comment) => ValueOf(SourceMarker().Match(comment));

    public override string ToString() => $"{Page}:{Line}";

    private static string? ValueOf(Match match) => match.Success ? match.Groups[1].Value : null;

    [GeneratedRegex("<!-- example: ([a-z-]+) -->")]
    private static partial Regex Marker();

    [GeneratedRegex(@"<!-- from: ([\w./]+) -->")]
    private static partial Regex SourceMarker();
}
