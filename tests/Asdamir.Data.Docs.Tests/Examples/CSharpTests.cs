using System.Globalization;
using System.Reflection;

namespace Asdamir.Data.Docs.Tests.Examples;

/// <summary>Every C# example of README, docs and packages compiles without a warning and works.</summary>
public sealed class CSharpTests
{
    private static readonly CodeBlock[] Blocks =
        [
            .. Repository.Pages.Concat(Repository.PackagePages).SelectMany(static page => page.Blocks)
                .Where(static block => block.Language == "csharp")
        ];

    public static TheoryData<string> Programs =>
        [.. Blocks.Where(static block => block is { Harness: null, Source: null }).Select(static block => block.ToString())];

    private static readonly string[] AllHarnesses =
    [
        .. Directory.GetFiles(Repository.PathOf("tests/Asdamir.Data.Docs.Tests/Harness"))
            .Select(static file => Path.GetFileNameWithoutExtension(file)),
    ];

    public static TheoryData<string> Harnesses => [.. AllHarnesses.Where(static name => !NeedsPostgreSql(name))];

    public static TheoryData<string> HarnessesOnPostgreSql => [.. AllHarnesses.Where(NeedsPostgreSql)];

    public static TheoryData<string> Quotes =>
        [.. Blocks.Where(static block => block.Source is not null).Select(static block => block.ToString())];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_StartsAndExecutesWhatItEnqueues(string place)
    {
        using TemporaryFolder folder = new();
        var program = Compilation.Load(Numbered(Blocks.Single(block => block.ToString() == place)));

        await using var app = await ProgramHost.StartAsync(program, folder.Path);

        await app.CheckAsync();
    }

    [Theory]
    [MemberData(nameof(Harnesses))]
    public Task Example_WorksInItsHarness(string name) => RunAsync(name);

    [Theory]
    [NeedsPostgreSql]
    [MemberData(nameof(HarnessesOnPostgreSql))]
    public Task Example_WorksInItsHarness_OnPostgreSql(string name) => RunAsync(name);

    [Theory]
    [MemberData(nameof(Quotes))]
    public async Task Quote_StandsInItsSource(string place)
    {
        var block = Blocks.Single(block => block.ToString() == place);

        var source = await File.ReadAllTextAsync(Repository.PathOf(block.Source!), ExampleContext.Cancellation);

        Assert.Contains(Unindented(block.Text), Unindented(source), StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_AreProgramsOrHaveAHarness() =>
        Assert.Empty(Blocks.Select(static block => block.Harness).OfType<string>().Except(AllHarnesses));

    private static bool NeedsPostgreSql(string name) => name.StartsWith("transaction-", StringComparison.Ordinal);

    private static async Task RunAsync(string name)
    {
        using TemporaryFolder folder = new();
        var source = await File.ReadAllTextAsync(
            Repository.PathOf($"tests/Asdamir.Data.Docs.Tests/Harness/{name}.cs"), ExampleContext.Cancellation);
        var blocks = Blocks.Where(block => block.Harness == name).ToArray();
        Assert.NotEmpty(blocks);
        for (var number = 1; number <= blocks.Length; number++)
        {
            var slot = string.Create(CultureInfo.InvariantCulture, $"//<example {number}>");
            Assert.Contains(slot, source, StringComparison.Ordinal);
            source = source.Replace(slot, Numbered(blocks[number - 1]), StringComparison.Ordinal);
        }
        Assert.DoesNotContain("//<example", source, StringComparison.Ordinal);
        var harness = Compilation.Load(source).GetType("Harness", throwOnError: true)!;
        var run = harness.GetMethod("RunAsync", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Func<ExampleContext, Task>>();

        await run(new ExampleContext(folder.Path));
    }

    private static string Unindented(string text) => string.Join('\n', text.Split('\n').Select(static line => line.Trim()));

    // Faults name the page and the line.
    private static string Numbered(CodeBlock block) => $"\n#line {block.Line + 1} \"{block.Page}\"\n{block.Text}\n#line default\n";
}
