using System.Text.RegularExpressions;
using Asdamir.Data.CommandLine.Output;
using Hangfire.States;

namespace Asdamir.Data.CommandLine.Tests.Output;

/// <summary>What jobs and users write cannot control the terminal or forge a line.</summary>
public sealed partial class HostileTextTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HostileTexts_CannotControlTheTerminal(bool hasColors)
    {
        await using var schema = await TestSchema.SqliteAsync();
        var id = schema.Jobs.Enqueue<HostileJob, string>(Hostile.Text);
        schema.Put(id, new FailedState(new InvalidOperationException(Hostile.Text)) { Reason = Hostile.Text });

        string[][] commands =
        [
            ["list"], ["show", id, "--log"], ["show", Hostile.Text], ["list", "--json"], ["list", "--after", Hostile.Text], ["doctor"],
            ["limits", "set", "smtp", "2", "--reason", Hostile.Text, "--by", Hostile.Text], ["limits"], ["limits", "--json"],
            ["limits", "reset", Hostile.Text],
        ];
        foreach (var command in commands)
        {
            var run = await ToolRun.InProcessAsync(schema.Folder, [.. command, "--settings", schema.Settings], hasColors: hasColors);
            // The tool's own colours, and its isolates around text written from right to left.
            var foreign = Own().Replace(run.Out + run.Error, "").ReplaceLineEndings("");

            Assert.DoesNotContain(foreign, static character => char.IsControl(character));
            Assert.DoesNotContain(foreign, static character => character is '\u2028' or (>= '\u202a' and <= '\u202e') or '\u2066');
            Assert.DoesNotContain("\nForged line", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task List_KeepsOneLineForEachJob_WhateverItsNameIs()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var id = schema.Jobs.Enqueue<HostileJob, string>("x");
        schema.Put(id, new FailedState(new InvalidOperationException(Hostile.Text)));

        var lines = (await schema.RunAsync("list")).Out.TrimEnd().Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.Contains("\\u202e", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_AreHidden()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var id = schema.Fail("password=hunter2");

        foreach (var command in (string[][])[["list"], ["list", "--json"], ["show", id], ["show", id, "--json"]])
            Assert.DoesNotContain("hunter2", (await schema.RunAsync(command)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_CutsLongCells_AndAlignsTheOthers()
    {
        using StringWriter output = new();
        var table = new TextTable("NAME", "STATE");
        table.Add(new string('x', 100), new Cell("Failed", Color.Red));
        table.Add("short", "Enqueued");

        table.Write(new Terminal { Out = output, Error = TextWriter.Null }, "none");

        var lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal($"{new string('x', 59)}…  Failed", lines[1]);
        Assert.Equal(lines[1].IndexOf("Failed", StringComparison.Ordinal), lines[2].IndexOf("Enqueued", StringComparison.Ordinal));
    }

    [GeneratedRegex("\e\\[(?:0|1|31|32|33|36|90)m|\u2068|\u2069")]
    private static partial Regex Own();
}
