using System.Globalization;
using System.Reflection;

namespace Asdamir.Data.Docs.Tests.Examples;

/// <summary>Every C# example of README and docs compiles without a warning and works.</summary>
public sealed class CSharpTests
{
    private static readonly CodeBlock[] Blocks =
        [.. Repository.Pages.SelectMany(static page => page.Blocks).Where(static block => block.Language == "csharp")];

    public static TheoryData<string> Programs => [.. Blocks.Where(static block => block.Harness is null).Select(static block => block.ToString())];

    public static TheoryData<string> Harnesses =>
    [
        .. Directory.GetFiles(Repository.PathOf("tests/Asdamir.Data.Docs.Tests/Harness")).Select(static file => Path.GetFileNameWithoutExtension(file)),
    ];

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
    public async Task Example_WorksInItsHarness(string name)
    {
        using TemporaryFolder folder = new();
        var source = await File.ReadAllTextAsync(Repository.PathOf($"tests/Asdamir.Data.Docs.Tests/Harness/{name}.cs"), ExampleContext.Cancellation);
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

    [Fact]
    public void Examples_AreProgramsOrHaveAHarness() =>
        Assert.Empty(Blocks.Select(static block => block.Harness).OfType<string>().Except(Harnesses.Select(static row => row.Data)));

    // Faults name the page and the line.
    private static string Numbered(CodeBlock block) => $"\n#line {block.Line + 1} \"{block.Page}\"\n{block.Text}\n#line default\n";
}
