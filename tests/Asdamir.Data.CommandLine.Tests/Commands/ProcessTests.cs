using System.Text.Json;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Tests.Commands;

/// <summary>The real tool, started as a process.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Tool_ReadsAndActs_OnASqliteFile()
    {
        await using var schema = await TestSchema.SqliteAsync();
        await AssertWorksAsync(schema, ["--sqlite", "jobs.db"], []);
    }

    [Fact]
    [NeedsPostgreSql]
    public async Task Tool_ReadsAndActs_OnPostgreSql()
    {
        await using var schema = await TestSchema.PostgreSqlAsync(await SharedPostgres.GetAsync());
        await AssertWorksAsync(schema, ["--settings", schema.Settings], []);
    }

    [Fact]
    public async Task Tool_SaysInItsExitCode_ThatTheStorageIsMissing()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.ProcessAsync(folder.Path, ["queues", "--sqlite", "none.db"]);

        Assert.Equal((ExitCode.Unavailable, ""), (run.ExitCode, run.Out));
        Assert.Contains("none.db", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf("none.db")));
    }

    private static async Task AssertWorksAsync(TestSchema schema, string[] where, Dictionary<string, string> variables)
    {
        var id = schema.Fail();

        var listed = await ToolRun.ProcessAsync(schema.Folder, ["list", "--json", .. where], variables);
        var requeued = await ToolRun.ProcessAsync(schema.Folder, ["requeue", id, .. where], variables);
        var queues = await ToolRun.ProcessAsync(schema.Folder, ["queues", .. where], variables);

        Assert.Equal((ExitCode.Done, ""), (listed.ExitCode, listed.Error));
        var job = Assert.Single(JsonDocument.Parse(listed.Out).RootElement.GetProperty("jobs").EnumerateArray());
        Assert.Equal(id, job.GetProperty("id").GetString());
        Assert.Equal(ExitCode.Done, requeued.ExitCode);
        Assert.Equal(JobState.Enqueued, schema.Jobs.Find(id)!.State);
        Assert.Contains("no server", queues.Out, StringComparison.Ordinal);
        // It is not a terminal.
        Assert.DoesNotContain('\e', queues.Out);
    }
}
