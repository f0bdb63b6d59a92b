using System.Text.Json;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Tests.Commands;

public sealed class ActionTests
{
    [Fact]
    public async Task Requeue_PutsAJobBack_AndItsHistoryNamesTheUser()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var id = schema.Fail();

        var requeued = await schema.RunAsync("requeue", id, "--expected-state", "Failed", "--reason", "The mail server is back.");
        var shown = await schema.RunAsync("show", id);

        Assert.Equal((ExitCode.Done, "1 done, 0 skipped, 0 failed"), (requeued.ExitCode, requeued.Out.Trim()));
        Assert.Equal(JobState.Enqueued, schema.Jobs.Find(id)!.State);
        Assert.Contains("The mail server is back. (by alice, command line)", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requeue_IsRefused_WhenTheStateIsAnother()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var id = schema.Fail();

        var refused = await schema.RunAsync("requeue", id, "--expected-state", "Deleted");

        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.Contains($"Job {id} is no longer Deleted: it is Failed.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, schema.Jobs.Find(id)!.State);
    }

    [Theory]
    [InlineData]
    [InlineData("--count", "2")]
    public async Task Delete_OfAllThatMatch_DoesNothing_UntilTheirNumberIsTyped(params string[] count)
    {
        await using var schema = await TestSchema.SqliteAsync();
        string[] ids = [schema.Fail(), schema.Fail(), schema.Fail()];

        var refused = await schema.RunAsync(["delete", "--state", "Failed", .. count]);
        var before = ids.Select(id => schema.Jobs.Find(id)!.State).ToList();
        var deleted = await schema.RunAsync("delete", "--state", "Failed", "--count", "3", "--by", "bob");

        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.Contains("--count 3", refused.Error, StringComparison.Ordinal);
        Assert.All(before, static state => Assert.Equal(JobState.Failed, state));
        Assert.Equal(ExitCode.Done, deleted.ExitCode);
        Assert.All(ids, id => Assert.Equal(JobState.Deleted, schema.Jobs.Find(id)!.State));
        Assert.Contains("By bob, command line", (await schema.RunAsync("show", ids[0])).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("requeue")]
    [InlineData("requeue", "--app", "crm")]
    [InlineData("requeue", "3", "--state", "Failed")]
    [InlineData("requeue", "3", "--count", "1")]
    [InlineData("delete", "--state", "Failed", "--expected-state", "Failed")]
    [InlineData("delete", "--state", "Broken")]
    public async Task Action_WithoutAClearTarget_IsAFaultOfUsage(params string[] args)
    {
        await using var schema = await TestSchema.SqliteAsync();

        var refused = await schema.RunAsync(args);

        Assert.Equal((ExitCode.Usage, ""), (refused.ExitCode, refused.Out));
        Assert.NotEqual("", refused.Error);
    }

    [Fact]
    public async Task RecurringJob_IsPaused_Resumed_AndTriggered()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(new Mail("c@example.com"), "0 2 * * *", new RecurringOptions { Id = "nightly" });

        var paused = await schema.RunAsync("pause", "crm:nightly", "--reason", "Books are closed.");
        var listed = await schema.RunAsync("recurring");
        var resumed = await schema.RunAsync("resume", "crm:nightly");
        var again = await schema.RunAsync("resume", "crm:nightly");
        var triggered = await schema.RunAsync("trigger", "crm:nightly", "--json");
        var missing = await schema.RunAsync("trigger", "crm:weekly");

        Assert.Equal(
            [ExitCode.Done, ExitCode.Done, ExitCode.Done, ExitCode.Done, ExitCode.Refused],
            [paused.ExitCode, resumed.ExitCode, again.ExitCode, triggered.ExitCode, missing.ExitCode]);
        Assert.Contains("paused: Books are closed. (by alice, command line)", listed.Out, StringComparison.Ordinal);
        var job = JsonDocument.Parse(triggered.Out).RootElement.GetProperty("jobId").GetString()!;
        Assert.Equal(JobState.Enqueued, schema.Jobs.Find(job)!.State);
    }

    [Fact]
    public async Task Queue_IsPaused_ShownAsSuch_AndResumed()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var id = schema.Jobs.Enqueue<MailJob, Mail>(new Mail("c@example.com"));

        var paused = await schema.RunAsync("pause-queue", "crm", "--reason", "Migration.", "--until", "2099-01-01T00:00:00Z");
        var queues = await schema.RunAsync("queues");
        var shown = await schema.RunAsync("show", id);
        var doctor = await schema.RunAsync("doctor", "--read-only", "--json");
        var resumed = await schema.RunAsync("resume-queue", "crm");
        var again = await schema.RunAsync("resume-queue", "crm");

        Assert.Equal((ExitCode.Done, "1 done, 0 skipped, 0 failed"), (paused.ExitCode, paused.Out.Trim()));
        const string Text = "paused until 2099-01-01 00:00:00Z by alice: Migration.";
        Assert.Contains(Text, queues.Out, StringComparison.Ordinal);
        Assert.Contains($"Its queue is {Text}", shown.Out, StringComparison.Ordinal);
        Assert.Contains("QueuePaused", doctor.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("QueueWithoutServer", doctor.Out, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, ExitCode.Refused), (resumed.ExitCode, again.ExitCode));
        Assert.Contains("The queue 'crm' is not paused.", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("paused by", (await schema.RunAsync("queues")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.Usage, "pause-queue")]
    [InlineData(ExitCode.Usage, "pause-queue", "crm", "--until", "soon")]
    [InlineData(ExitCode.Usage, "resume-queue", "crm", "--until", "2099-01-01")]
    [InlineData(ExitCode.Refused, "pause-queue", "crm", "--until", "2020-01-01")]
    [InlineData(ExitCode.Refused, "pause-queue", "CRM")]
    public async Task PauseOfAQueue_ThatIsNotUnderstood_PausesNothing(int exitCode, params string[] args)
    {
        await using var schema = await TestSchema.SqliteAsync();

        var refused = await schema.RunAsync(args);

        Assert.Equal(exitCode, refused.ExitCode);
        Assert.NotEqual("", refused.Error);
        Assert.DoesNotContain("paused by", (await schema.RunAsync("queues")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueueWithoutAnApp_IsPaused_AndTheReportSaysSo()
    {
        await using var schema = await TestSchema.SqliteAsync();

        var paused = await schema.RunAsync("pause-queue", "not-deployed-yet");

        Assert.Equal(ExitCode.Done, paused.ExitCode);
        Assert.Contains("not-deployed-yet: This queue has no jobs", paused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_IsChanged_Listed_AndGivenBack()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var waiting = schema.Jobs.Enqueue<ListMailJob, Mail>(new Mail("list@example.com"));

        var changed = await schema.RunAsync("limits", "set", "smtp", "0", "--reason", "The mail server is slow.", "--by", "bob");
        var listed = await schema.RunAsync("limits");
        var shown = await schema.RunAsync("show", waiting);
        var reset = await schema.RunAsync("limits", "reset", "smtp", "--app", "crm");
        var after = await schema.RunAsync("limits", "--app", "crm");
        var missing = await schema.RunAsync("limits", "set", "none", "1");
        var elsewhere = await schema.RunAsync("limits", "reset", "smtp", "--app", "hr");

        Assert.Equal(
            [ExitCode.Done, ExitCode.Done, ExitCode.Refused, ExitCode.Refused],
            [changed.ExitCode, reset.ExitCode, missing.ExitCode, elsewhere.ExitCode]);
        Assert.Matches(@"smtp +crm +0 +1 +0 +5 +20.*Z by bob: The mail server is slow\.", listed.Out);
        Assert.Contains("per-list (list@example.com)", shown.Out, StringComparison.Ordinal);
        Assert.Matches(@"smtp +crm +0 +1 +5 +5\s", after.Out);
        Assert.DoesNotContain("bob", after.Out, StringComparison.Ordinal);
        Assert.Contains("There is no limit 'none' in the queue 'crm'.", missing.Error, StringComparison.Ordinal);
        Assert.Contains("There is no limit 'smtp' in the queue 'hr'.", elsewhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RateOfALimit_IsChanged_Listed_AndGivenBack()
    {
        await using var schema = await TestSchema.SqliteAsync();

        var changed = await schema.RunAsync("limits", "set", "smtp", "--rate", "100/min", "--reason", "slow", "--by", "bob");
        var listed = await schema.RunAsync("limits");
        var both = await schema.RunAsync("limits", "set", "smtp", "2", "--rate", "1/d");
        var after = await schema.RunAsync("limits");
        await schema.RunAsync("limits", "reset", "smtp");

        Assert.Equal([ExitCode.Done, ExitCode.Done], [changed.ExitCode, both.ExitCode]);
        Assert.Matches(@"smtp +crm +0 +0 +5, 100/min +5 +20.*Z by bob: slow", listed.Out);
        Assert.Matches(@"smtp +crm +0 +0 +2, 1/d +5 ", after.Out);
        Assert.Matches(@"smtp +crm +0 +0 +5 +5\s", (await schema.RunAsync("limits")).Out);
    }

    [Theory]
    [InlineData("limits", "set", "smtp", "--rate", "0/min")]
    [InlineData("limits", "set", "smtp", "2", "--rate", "abc")]
    [InlineData("limits", "set", "smtp")]
    [InlineData("limits", "set", "smtp", "many")]
    [InlineData("limits", "set", "smtp", "-1")]
    [InlineData("limits", "set", "smtp", "1000001")]
    [InlineData("limits", "reset")]
    public async Task Limit_WithoutAValidNumber_IsAFaultOfUsage(params string[] args)
    {
        await using var schema = await TestSchema.SqliteAsync();

        var refused = await schema.RunAsync(args);

        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.NotEqual("", refused.Error);
        Assert.Matches(@"smtp +crm +0 +0 +5 +5\s", (await schema.RunAsync("limits")).Out);
    }

    [Fact]
    public async Task Workflow_IsListed_AndCancelled()
    {
        await using var schema = await TestSchema.SqliteAsync();
        await using var flow = schema.Jobs.NewWorkflow("newsletter");
        var first = flow.Add<MailJob, Mail>(new Mail("a"));
        flow.Add<ListMailJob, Mail>(new Mail("b"), after: first);
        var id = await flow.CommitAsync(TestContext.Current.CancellationToken);

        var listed = await schema.RunAsync("workflows");
        var shown = await schema.RunAsync("show", first.JobIds[0]);
        var cancelled = await schema.RunAsync("workflows", "cancel", id, "--reason", "Not needed.", "--by", "bob");
        var after = await schema.RunAsync("workflows", "--app", "crm", "--size", "1");
        var again = await schema.RunAsync("workflows", "cancel", id);
        var missing = await schema.RunAsync("workflows", "cancel", "none");
        var before = await schema.RunAsync("workflows", "--before", id);
        var wrong = await schema.RunAsync("workflows", "--size", "0");

        Assert.Equal(
            [ExitCode.Done, ExitCode.Refused, ExitCode.Refused, ExitCode.Usage],
            [cancelled.ExitCode, again.ExitCode, missing.ExitCode, wrong.ExitCode]);
        Assert.Matches($@"{id} +newsletter +crm +Running +2 +1 +1 +0 +0 +0", listed.Out);
        Assert.Matches($@"Workflow +{id}", shown.Out);
        Assert.Matches($@"{id} +newsletter +crm +Cancelled +2 +0 +0 +0 +0 +2", after.Out);
        Assert.Contains("There is no workflow 'none'.", missing.Error, StringComparison.Ordinal);
        Assert.Contains("There are no workflows.", before.Out + before.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_HasTheAction_BeforeItBegins_AndItsOutcome()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var id = schema.Fail();
        var file = Path.Combine(schema.Folder, "audit.jsonl");

        await ToolRun.InProcessAsync(
            schema.Folder, ["delete", "--state", "Failed", "--count", "1", "--reason", "password=hunter2", "--settings", schema.Settings],
            new() { ["ASDAMIR_JOBS_AUDIT"] = file });
        var lines = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .ToList();

        Assert.Equal(["intended", "named", "completed"], lines.Select(static line => line.GetProperty("event").GetString()));
        Assert.All(lines, static line => Assert.Equal("alice", line.GetProperty("user").GetString()));
        Assert.Equal(id, lines[1].GetProperty("jobIds")[0].GetString());
        Assert.Equal(1, lines[2].GetProperty("outcome").GetProperty("done").GetInt32());
        Assert.DoesNotContain("hunter2", string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Action_IsNotCarriedOut_WhenTheAuditDoesNotAcceptIt()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var id = schema.Fail();

        var refused = await schema.RunAsync("delete", id, "--audit", Path.Combine(schema.Folder, "missing", "audit.jsonl"));

        Assert.Equal(ExitCode.Unavailable, refused.ExitCode);
        Assert.Contains("was not carried out", refused.Error, StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, schema.Jobs.Find(id)!.State);
    }
}
