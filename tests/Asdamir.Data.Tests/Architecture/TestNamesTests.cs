using System.Reflection;
using System.Text.RegularExpressions;

namespace Asdamir.Data.Tests.Architecture;

/// <summary>What can be checked of the rule for names of tests, which is in CONTRIBUTING.md.</summary>
public sealed partial class TestNamesTests
{
    private static readonly string Tests = typeof(TestNamesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(static data => data.Key == "Tests").Value!;

    [Fact]
    public void Names_ArePascalCaseWordsJoinedByUnderscores()
    {
        var names = Directory.EnumerateFiles(Tests, "*.cs", SearchOption.AllDirectories)
            .Where(
                static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(static file =>
                Test().Matches(File.ReadAllText(file))
                    .Select(match => $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups["name"].Value}"))
            .ToList();
        var faults = names.Where(static name => !Rule().IsMatch(name)).ToList();

        Assert.Contains($"{nameof(TestNamesTests)}.{nameof(Names_ArePascalCaseWordsJoinedByUnderscores)}", names);
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("RoutingTests.S01_DelayedJob_GoesToItsOwnQueue_WhenTheOtherAppMovesIt", true)]
    [InlineData("StorageConformance.Jobs.Job_IsRead", true)]
    [InlineData("RoutingTests.S01_A_delayed_job_goes_to_its_own_queue", false)]
    [InlineData("RoutingTests.DelayedJob", false)]
    public void Rule_AcceptsWordsAndRefusesSentences(string name, bool accepted) => Assert.Equal(accepted, Rule().IsMatch(name));

    [GeneratedRegex(@"\[(?:Fact|Theory)\b[^\]]*\](?:\s*\[(?:[^\[\]]|\[[^\]]*\])*\]|\s*//[^\n]*)*\s*(?:public|internal) (?:virtual |override )?(?:async )?(?:Task|ValueTask|void) (?<name>\w+)\(")]
    private static partial Regex Test();

    [GeneratedRegex(@"\.(S\d\d_)*[A-Z][A-Za-z0-9]*(_[A-Z0-9][A-Za-z0-9]*)+$")]
    private static partial Regex Rule();
}
