using System.Text.RegularExpressions;

namespace Asdamir.Data.Docs.Tests.Language;

/// <summary>Comments, texts, messages and pages use the field's words. A phrase of the list has a shorter or clearer form.</summary>
public sealed partial class PlainEnglishTests
{
    // Each with the reason for which it stays: (file, line contains).
    private static readonly (string File, string Text)[] Exceptions =
    [
        // Kept by hand at each release.
        ("CHANGELOG.md", ""),
    ];

    private static readonly string[] Kinds =
    [
        ".cs", ".razor", ".js", ".css", ".json", ".md", ".html", ".targets", ".props", ".csproj", ".sql", ".resx"
    ];

    public static TheoryData<string> Folders =>
    [
        .. ((string[])["samples", "src"])
            .SelectMany(static root => Directory.GetDirectories(Repository.PathOf(root), "*", SearchOption.AllDirectories))
            .Select(Repository.NameOf)
            .Where(static name => !Repository.IsGenerated(name)),
    ];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_HasNoPhraseOfTheList(string folder)
    {
        var found = Directory.GetFiles(Repository.PathOf(folder)).SelectMany(FindPhrases).ToArray();

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Fact]
    public void Pages_HaveNoPhraseOfTheList() =>
        Assert.Empty(Repository.Pages.Select(static page => Repository.PathOf(page.Name)).SelectMany(FindPhrases));

    [Theory]
    [InlineData("Whoever reads this")]
    [InlineData("It is no error.")]
    [InlineData("the job starts by itself")]
    [InlineData("Each run has an id.")]
    [InlineData("the newest runs of an app")]
    public void Phrases_AreFound(string text) => Assert.Matches(Phrases(), text);

    [Theory]
    [InlineData("dotnet run --project samples/Quickstart")]
    [InlineData("The scheduler runs every 5 seconds.")]
    [InlineData("An action that runs in the background.")]
    public void OtherTexts_AreNot(string text) => Assert.DoesNotMatch(Phrases(), text);

    private static IEnumerable<string> FindPhrases(string file)
    {
        var name = Repository.NameOf(file);
        if (Repository.IsGenerated(name) || !Kinds.Contains(Path.GetExtension(file)))
            return [];
        return from line in File.ReadLines(file).Select(static (text, index) => (Text: text, Number: index + 1))
               let match = Phrases().Match(line.Text)
               where match.Success
                   && !Exceptions.Any(exception => exception.File == name && line.Text.Contains(exception.Text, StringComparison.Ordinal))
               select $"{name}:{line.Number}: \"{match.Value}\" in: {line.Text.Trim()}";
    }

    // The second half is the noun "run": a job is stored, an attempt is executed.
    [GeneratedRegex(
        @"\b(?:whoever|somebody|nobody|everybody|by itself|by themselves|of (?:its|their) own|in hand|for ever|asks? back|worked off|from when on)\b"
        + @"|\b(?:gives? out|(?:is|are) told|goes on|go on|(?:is|are) looked for|it is no(?! longer))\b"
        + @"|\b(?:(?:this|that) run|(?:a|the|each|every|another|whose) runs?)\b"
        + @"|\b(?:these|those|all|many|of|other|newest|finished|failed|stored) runs\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Phrases();
}
