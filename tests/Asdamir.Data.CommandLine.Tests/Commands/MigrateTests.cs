namespace Asdamir.Data.CommandLine.Tests.Commands;

public sealed class MigrateTests
{
    [Fact]
    public async Task Tables_AreCreatedOnce_InASqliteFile()
    {
        using var folder = new TemporaryFolder();

        await AssertMigratesAsync(folder, ["--sqlite", "jobs.db"], []);
    }

    [Fact]
    [NeedsPostgreSql]
    public async Task Tables_AreCreatedOnce_InPostgreSql()
    {
        using var folder = new TemporaryFolder();
        var server = await SharedPostgres.GetAsync();

        await AssertMigratesAsync(folder, [], new()
        {
            ["HangfireJobs__Storage__Provider"] = "PostgreSql",
            ["HangfireJobs__Storage__ConnectionString"] = server.ConnectionString,
            ["HangfireJobs__Storage__Schema"] = server.NewSchema(),
        });
    }

    [Fact]
    public async Task ForeignFile_IsRefused_AndNotChanged()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("jobs.db"), "not a database", TestContext.Current.CancellationToken);

        var run = await ToolRun.InProcessAsync(folder.Path, ["migrate", "--sqlite", "jobs.db"]);

        Assert.Equal(ExitCode.Unavailable, run.ExitCode);
        Assert.Equal("not a database", await File.ReadAllTextAsync(folder.PathOf("jobs.db"), TestContext.Current.CancellationToken));
    }

    private static async Task AssertMigratesAsync(TemporaryFolder folder, string[] where, Dictionary<string, string> variables)
    {
        var outstanding = await ToolRun.InProcessAsync(folder.Path, ["migrate", "--check", .. where], variables);
        var migrated = await ToolRun.InProcessAsync(folder.Path, ["migrate", .. where], variables);
        var again = await ToolRun.InProcessAsync(folder.Path, ["migrate", "--check", .. where], variables);

        Assert.Equal(
            [ExitCode.Refused, ExitCode.Done, ExitCode.Done], [outstanding.ExitCode, migrated.ExitCode, again.ExitCode]);
        Assert.Contains("have to be migrated", outstanding.Out, StringComparison.Ordinal);
        Assert.Contains("were migrated", migrated.Out, StringComparison.Ordinal);
        Assert.Contains("are up to date", again.Out, StringComparison.Ordinal);
    }
}
