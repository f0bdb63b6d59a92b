namespace Asdamir.Data.CommandLine.Tests.Connections;

public sealed class SettingsTests
{
    [Fact]
    public async Task Settings_OfThisFolder_AreUsed()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Fail();
        File.Copy(schema.Settings, Path.Combine(schema.Folder, "appsettings.json"));

        var run = await ToolRun.InProcessAsync(schema.Folder, ["list"]);

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("MailJob", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_WinOverFiles()
    {
        await using var schema = await TestSchema.SqliteAsync();

        var run = await ToolRun.InProcessAsync(
            schema.Folder, ["list", "--settings", schema.Settings],
            new() { ["HangfireJobs__Storage__ConnectionString"] = "Data Source=other.db" });

        Assert.Equal(ExitCode.Unavailable, run.ExitCode);
        Assert.Contains("other.db", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ }", "has a section HangfireJobs")]
    [InlineData("{ \"HangfireJobs\": { \"AppQeue\": \"crm\" } }", "Did you mean 'AppQueue'?")]
    [InlineData("{ \"HangfireJobs\": { \"Storage\": { \"Provider\": \"InMemory\" } } }", "HangfireJobs:Storage:Provider = 'InMemory'")]
    [InlineData("{ \"HangfireJobs\": { \"Storage\": { \"Provider\": \"PostgreSql\" } } }", "ConnectionString is empty")]
    [InlineData("{ \"HangfireJobs\": { \"Storage\": { \"Password\": \"hunter2", "cannot be read")]
    public async Task WrongSettings_AreAFaultOfUsage_WithTheKeyAndTheFix(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("appsettings.json"), json, TestContext.Current.CancellationToken);

        var run = await ToolRun.InProcessAsync(folder.Path, ["list"]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Contains("Fix: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "--connection-string", "Host=db;Password=hunter2")]
    [InlineData("list", "Host=db;Password=hunter2")]
    [InlineData("lst")]
    [InlineData]
    public async Task WrongCommand_IsAFaultOfUsage_AndRepeatsNoSecret(params string[] args)
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.InProcessAsync(folder.Path, args);

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Out));
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_ListsTheCommands()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.InProcessAsync(folder.Path, ["--help"]);

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("requeue", run.Out, StringComparison.Ordinal);
    }
}
