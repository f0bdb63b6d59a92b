using System.Reflection;
using System.Text.RegularExpressions;

namespace Asdamir.Data.Analyzers.Tests;

public sealed partial class RulesTests
{
    private static readonly string Pages = Path.Combine(
        typeof(RulesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "Repository").Value!,
        "docs", "rules");

    public static TheoryData<string> RuleIds => [.. Source.Rules.Select(static rule => rule.Id)];

    [Fact]
    public void Rules_HaveAPageEach() =>
        Assert.Equal(
            Source.Rules.Select(static rule => $"# {rule.Id}: {rule.Title}").Order(StringComparer.Ordinal),
            Directory.GetFiles(Pages, "ADJ*.md").Select(static file => File.ReadLines(file).First()).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(RuleIds))]
    public async Task Page_ShowsWhatIsReportedAndWhatIsNot(string rule)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Pages, $"{rule}.md"), TestContext.Current.CancellationToken);
        var examples = Example().Matches(page).Select(static example => example.Groups[1].Value).ToList();

        Assert.Equal(2, examples.Count);
        Assert.NotEmpty(await Source.IsReportedAsMarkedAsync(examples[0]));
        Assert.Contains($"// {rule}", examples[0], StringComparison.Ordinal);
        Assert.Empty(await Source.IsReportedAsMarkedAsync(examples[1]));
    }

    [GeneratedRegex("```cs\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
