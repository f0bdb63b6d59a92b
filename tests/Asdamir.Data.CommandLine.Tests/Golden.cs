using System.Reflection;
using System.Text.RegularExpressions;

namespace Asdamir.Data.CommandLine.Tests;

/// <summary>
/// Documents of <c>--json</c> as they were accepted. Programs depend on them. Set <c>WRITE_GOLDEN=1</c> to accept a change, and review the
/// difference before you commit it.
/// </summary>
internal static partial class Golden
{
    private static readonly string Folder = typeof(Golden).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(static data => data.Key == "Goldens").Value!;

    public static async Task AssertAsync(string name, string json)
    {
        var file = Path.Combine(Folder, $"{name}.golden.json");
        var actual = Varying().Replace(json.ReplaceLineEndings("\n"), "(varies)");
        if (Environment.GetEnvironmentVariable("WRITE_GOLDEN") == "1")
            await File.WriteAllTextAsync(file, actual, TestContext.Current.CancellationToken);

        Assert.Equal((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"), actual);
    }

    // Times, durations, and stack traces.
    [GeneratedRegex(
        """
        \d{4}-\d\d-\d\dT[\d:.]+Z
        |(?<="(?:oldestWaitSeconds|clockSkewSeconds)":\ )[\d.-]+
        |(?<="(?:details|ExceptionDetails)":\ ")[^"]*
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Varying();
}
