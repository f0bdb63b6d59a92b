using System.Net;
using System.Text.RegularExpressions;
using Asdamir.AdminConsole.Features.Jobs;

namespace Asdamir.AdminConsole.Tests.Shell;

/// <summary>Texts lie in the .resx file of their feature, so that a second language is a file beside it.</summary>
public sealed partial class TextsTests : OneCompany
{
    [Fact]
    public void Markup_HasNoTextsOfItsOwn()
    {
        var root = Root();
        var found = Directory.EnumerateFiles(root, "*.razor", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(root, file).Replace('\\', '/'), Markup: MarkupOf(file)))
            .Where(static file =>
                !file.Name.StartsWith("obj/", StringComparison.Ordinal) && !file.Name.StartsWith("bin/", StringComparison.Ordinal))
            .SelectMany(static file => TextPattern().Matches(file.Markup).Select(match => $"{file.Name}: {match.Value}"))
            .Where(static text => !text.Contains("UTC", StringComparison.Ordinal) && !text.Contains("Enter", StringComparison.Ordinal));

        Assert.Empty(found);
    }

    [Fact]
    public void Text_TakesItsValuesByName() =>
        Assert.Equal("More than 7 jobs are selected.", JobsTexts.FormatTooManySelected(7));

    [Fact]
    public async Task Document_SaysItsLanguageAndHasTheTextsOfTheScript()
    {
        var ada = await OperatorAsync();

        var answer = await ada.GetAsync("/acme", ("Accept-Language", "xx"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("en", answer.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("\"live\":\"Live\"", answer.Page.DocumentElement.GetAttribute("data-texts"), StringComparison.Ordinal);
    }

    // Without the directives and the code.
    private static string MarkupOf(string file) => string.Join('\n', File.ReadLines(file)
        .TakeWhile(static line => line != "@code {")
        .Where(
            static line => !line.StartsWith("@inject", StringComparison.Ordinal) && !line.StartsWith("@using", StringComparison.Ordinal)));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Asdamir.Data.slnx")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "src", "Asdamir.AdminConsole");
    }

    // Words between tags, and attributes that people read.
    [
        GeneratedRegex(
            """(?<=>)[^<>@{}()=;]*[A-Za-z]{3,}[^<>@{}()=;]*(?=<)|(?<=(aria-label|title|placeholder|data-label)=")[A-Za-z][^"@]*""",
            RegexOptions.CultureInvariant)
    ]
    private static partial Regex TextPattern();
}
