using Hangfire.States;

namespace Asdamir.Data.CommandLine.Tests.Commands;

public sealed class TailTests
{
    [Fact]
    public async Task Jobs_AreShownAsTheyChange_UntilCtrlC()
    {
        await using var schema = await TestSchema.SqliteAsync();
        using var process = ToolRun.Start(schema.Folder, ["tail", "--settings", schema.Settings, "--from", "2026-01-01"]);

        var first = schema.Fail("first");
        Assert.Contains($"Failed      {first}  MailJob  crm  first", await LineWithAsync(process, "first"), StringComparison.Ordinal);
        var second = schema.Fail("second");
        Assert.Contains($"Failed      {second}  MailJob  crm  second", await LineWithAsync(process, "second"), StringComparison.Ordinal);
        Tool("kill", "-INT", $"{process.Id}");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Until.Limit, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Done, process.ExitCode);
        Assert.Equal("", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Log_IsShown_UntilTheJobEnds()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var failed = schema.Fail();
        var done = schema.Fail();
        schema.Put(done, new SucceededState(null, 1, 1));

        Assert.Equal(ExitCode.Refused, (await schema.RunAsync("tail", failed)).ExitCode);
        Assert.Equal(ExitCode.Done, (await schema.RunAsync("tail", done)).ExitCode);
        Assert.Equal(ExitCode.Refused, (await schema.RunAsync("tail", "5x")).ExitCode);
    }

    private static async Task<string> LineWithAsync(System.Diagnostics.Process process, string text)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException($"It has ended: {await process.StandardError.ReadToEndAsync()}");
    }

    private static void Tool(string program, params string[] args) => Assert.Equal(0, Kit.Tool.Run(program, args));
}
