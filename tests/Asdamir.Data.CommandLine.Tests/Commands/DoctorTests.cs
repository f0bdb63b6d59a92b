using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;

namespace Asdamir.Data.CommandLine.Tests.Commands;

public sealed class DoctorTests
{
    [Fact]
    public async Task Schema_WithoutFaults_HasNoFindings()
    {
        await using var schema = await TestSchema.SqliteAsync();
        Announce(schema, "crm@web-1:1:a", 20, "crm");
        schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com"));
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(new Mail("c@example.com"), "0 2 * * *", new RecurringOptions { Id = "nightly" });

        var run = await schema.RunAsync("doctor", "--read-only");

        Assert.Equal((ExitCode.Done, "Nothing was found."), (run.ExitCode, run.Out.Trim()));
    }

    [Fact]
    public async Task Findings_NameTargetValueKeyAndFix()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com"));

        var run = await schema.RunAsync("doctor", "--read-only");

        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.Contains("QueueWithoutServer: queue crm", run.Out, StringComparison.Ordinal);
        Assert.Contains("Value: crm (HangfireJobs:AppQueue)", run.Out, StringComparison.Ordinal);
        Assert.Contains("Fix: start the app with AppQueue 'crm'", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_AreAsPinned()
    {
        await using var schema = await TestSchema.SqliteAsync();
        Announce(schema, "crm@web-1:1:a", 20, "crm");
        Announce(schema, "crm@web-2:1:b", 5, "crm");
        Announce(schema, "all@web-3:1:c", 5, "crm", "hr", "default");
        var client = new BackgroundJobClient(schema.Storage);
        client.Create(Job.FromExpression(() => Console.WriteLine("plain"), "hr"), new EnqueuedState("hr"));
        client.Create(Job.FromExpression(() => Console.WriteLine("stray"), "hr"), new EnqueuedState("crm"));
        client.Create(Job.FromExpression(() => Console.WriteLine("later"), "night"), new ScheduledState(TimeSpan.FromDays(1)));
        var recurring = new RecurringJobManager(schema.Storage);
        recurring.AddOrUpdate("plain", Job.FromExpression(() => Console.WriteLine("plain"), "hr"), "0 2 * * *");
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(new Mail("c@example.com"), "0 2 * * *", new RecurringOptions { Id = "nightly" });
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(new Mail("c@example.com"), "0 2 * * *", new RecurringOptions { Id = "weekly" });
        using (var connection = schema.Storage.GetConnection())
        {
            connection.SetRangeInHash(
                "recurring-job:crm:nightly", new Dictionary<string, string> { ["TimeZoneId"] = "Nowhere", ["Error"] = "password=hunter2" });
            connection.SetRangeInHash("recurring-job:crm:weekly", new Dictionary<string, string> { ["NextExecution"] = "" });
            connection.SetRangeInHash("recurring-job:lost", new Dictionary<string, string> { ["x"] = "y" });
            using var transaction = connection.CreateWriteTransaction();
            transaction.AddToSet("recurring-jobs", "lost", 0);
            transaction.Commit();
        }

        await Golden.AssertAsync("doctor", (await schema.RunAsync("doctor", "--read-only", "--json")).Out);
    }

    [Fact]
    public async Task JobsThatNeverStart_AreFound()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var orphan = schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com"));
        schema.Put(orphan, new AwaitingState("987654", new EnqueuedState()));
        var overdue = schema.Jobs.Schedule<MailJob, Mail>(new Mail("a@example.com"), TimeSpan.FromMinutes(1));
        var later = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(1));

        var run = await ToolRun.InProcessAsync(
            schema.Folder, ["doctor", "--read-only", "--json", "--settings", schema.Settings], time: later);

        var findings = JsonDocument.Parse(run.Out).RootElement.GetProperty("findings").EnumerateArray()
            .Select(static finding => (Kind: finding.GetProperty("kind").GetString()!, Ids: Ids(finding)))
            .ToList();
        Assert.Contains((nameof(JobFindingKind.OrphanedContinuation), orphan), findings);
        Assert.Contains((nameof(JobFindingKind.OverdueJob), overdue), findings);
    }

    [Fact]
    public async Task WhatIsLateOrSilent_IsFound_ByTheClock()
    {
        await using var schema = await TestSchema.SqliteAsync();
        Announce(schema, "crm@web-1:1:a", 20, "crm");
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(
            new Mail("a@example.com"), "* * * * *", new RecurringOptions { Id = "minutely" });
        var later = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(1));

        var run = await ToolRun.InProcessAsync(schema.Folder, ["doctor", "--read-only", "--settings", schema.Settings], time: later);

        Assert.Contains("ClockSkew: database", run.Out, StringComparison.Ordinal);
        Assert.Contains("behind that of this machine", run.Out, StringComparison.Ordinal);
        Assert.Contains("SilentServer: server crm@web-1:1:a", run.Out, StringComparison.Ordinal);
        Assert.Contains("RecurringJobLate: recurring job crm:minutely", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JobsOfNoApp_AreFound()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var unreadable = schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com"));
        schema.Execute("""UPDATE job SET arguments = replace(arguments, 'v\\\":1', 'v\\\":99')""");
        var client = new BackgroundJobClient(schema.Storage);
        var tooLong = new string('q', 60);
        client.Create(Job.FromExpression(() => Console.WriteLine("far"), tooLong), new EnqueuedState(tooLong));
        var queueless = client.Create(Job.FromExpression(() => Console.WriteLine("lost")), new EnqueuedState("hr"));

        var run = await schema.RunAsync("doctor", "--read-only", "--json");

        var findings = JsonDocument.Parse(run.Out).RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.Equal(unreadable, Ids(Only(JobFindingKind.UnreadableJob)));
        Assert.Equal(queueless, Ids(Only(JobFindingKind.JobWithoutQueue)));
        Assert.Equal($"queue {tooLong}", Only(JobFindingKind.InvalidQueue).GetProperty("target").GetString());

        JsonElement Only(JobFindingKind kind) =>
            Assert.Single(findings, finding => finding.GetProperty("kind").GetString() == kind.ToString());
    }

    [Fact]
    public async Task RecurringJobs_ThatAreUnreadable_OrShareAPrefix_AreFound()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(new Mail("a@example.com"), "0 2 * * *", new RecurringOptions { Id = "nightly" });
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(new Mail("a@example.com"), "0 2 * * *", new RecurringOptions { Id = "broken" });
        new RecurringJobManager(schema.Storage)
            .AddOrUpdate("crm:foreign", Job.FromExpression(() => Console.WriteLine("foreign"), "hr"), "0 2 * * *");
        using (var connection = schema.Storage.GetConnection())
            connection.SetRangeInHash("recurring-job:crm:broken", new Dictionary<string, string> { ["Job"] = "{" });

        var run = await schema.RunAsync("doctor", "--read-only");

        Assert.Contains("RecurringJobUnreadable: recurring job crm:broken", run.Out, StringComparison.Ordinal);
        Assert.Contains("RecurringIdsShareAPrefix: prefix crm", run.Out, StringComparison.Ordinal);
        Assert.Contains("crm, hr", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SlowCommits_AreFound_ByTheClock()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow)
        {
            AutoAdvanceAmount = TimeSpan.FromSeconds(1),
        };

        var slow = await ToolRun.InProcessAsync(
            schema.Folder, ["doctor", "--fail-on", "error", "--settings", schema.Settings], time: clock);
        var fast = await ToolRun.InProcessAsync(
            schema.Folder, ["doctor", "--slow-commit", "60000", "--settings", schema.Settings], time: clock);

        Assert.Equal(ExitCode.Done, slow.ExitCode);
        Assert.Contains("SlowCommits: database", slow.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("SlowCommits", fast.Out, StringComparison.Ordinal);
        Assert.Contains("A commit takes", fast.Out, StringComparison.Ordinal);
    }

    [Fact]
    [NeedsPostgreSql]
    public async Task MissingTables_AndTheWrongEncoding_AreFindings()
    {
        var server = await SharedPostgres.GetAsync();
        using var folder = new TemporaryFolder();
        await server.ExecuteAsync("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");

        var missing = await DiagnoseAsync(folder, server.ConnectionString, server.NewSchema());
        var latin = await DiagnoseAsync(
            folder, new Npgsql.NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "latin" }.ToString(), "hangfire");

        Assert.Equal(ExitCode.Refused, missing.ExitCode);
        Assert.Contains("TablesUnusable: database", missing.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, latin.ExitCode);
        Assert.Contains("DatabaseUnfit: database", latin.Out, StringComparison.Ordinal);
        Assert.Contains("LATIN1", latin.Out, StringComparison.Ordinal);
    }

    private static Task<ToolRun> DiagnoseAsync(TemporaryFolder folder, string connectionString, string schema) => ToolRun.InProcessAsync(
        folder.Path, ["doctor"],
        new()
        {
            ["HangfireJobs__Storage__Provider"] = "PostgreSql",
            ["HangfireJobs__Storage__ConnectionString"] = connectionString,
            ["HangfireJobs__Storage__Schema"] = schema,
        });

    private static string Ids(JsonElement finding) =>
        string.Join(' ', finding.GetProperty("jobIds").EnumerateArray().Select(static id => id.GetString()));

    private static void Announce(TestSchema schema, string id, int workers, params string[] queues)
    {
        using var connection = schema.Storage.GetConnection();
        connection.AnnounceServer(id, new ServerContext { Queues = queues, WorkerCount = workers });
    }
}
