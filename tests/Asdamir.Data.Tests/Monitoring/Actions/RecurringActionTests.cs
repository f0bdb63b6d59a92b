using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Monitoring.Actions;

public sealed class RecurringActionInMemory() : RecurringActionTests(StorageKind.InMemory);

public sealed class RecurringActionOnSqlite() : RecurringActionTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class RecurringActionOnPostgreSql() : RecurringActionTests(StorageKind.PostgreSql);

public abstract class RecurringActionTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Trigger_StartsAJob_AndTellsItsId()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });

        var answer = await crm.PostAsync("/recurring-jobs/crm:sweep/trigger", new { reason = "now" });
        var jobId = answer.Json.Text("jobId")!;

        Assert.Equal((HttpStatusCode.OK, 1), (answer.Status, answer.Json.Number("done")));
        Assert.Equal((JobState.Enqueued, "now"), (crm.Jobs.Find(jobId)!.State, crm.Jobs.Find(jobId)!.Reason));
    }

    [Fact]
    public async Task PauseAndResume_StopAndContinueTheSchedule()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync("/recurring-jobs/crm:sweep/pause", new { reason = "maintenance" })).Status);
        Assert.False((await crm.ReadAsync("/recurring-jobs"))[0].TryGetProperty("nextExecution", out _));
        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync("/recurring-jobs/crm:sweep/pause")).Status);
        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync("/recurring-jobs/crm:sweep/resume")).Status);
        Assert.True((await crm.ReadAsync("/recurring-jobs"))[0].TryGetProperty("nextExecution", out _));
    }

    [Fact]
    public async Task Remove_EndsTheSchedule_AndIsRefusedTheSecondTime()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "kept" });

        var answer = await crm.PostAsync("/recurring-jobs/crm:sweep/remove", new { reason = "replaced" });

        Assert.Equal((HttpStatusCode.OK, 1), (answer.Status, answer.Json.Number("done")));
        Assert.Equal("crm:kept", Assert.Single((await crm.ReadAsync("/recurring-jobs")).Ids()));
        (await crm.PostAsync("/recurring-jobs/crm:sweep/remove")).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Actions_ReachAnId_WhateverItsCharacters()
    {
        var crm = await StartAsync();
        foreach (var id in new[] { "a/b", "50% of %2F", "ä & \"x\"?#", "trigger" })
        {
            crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = id });

            Assert.Equal(
                (HttpStatusCode.OK, id),
                ((await crm.PostAsync($"/recurring-jobs/{Uri.EscapeDataString($"crm:{id}")}/trigger")).Status, id));
        }
    }

    [Fact]
    public async Task Actions_DoNotReachTheEntriesOfAnotherApp()
    {
        var (crm, hr) = (await StartAsync(), await StartAsync("hr"));
        hr.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });

        foreach (var action in new[] { "trigger", "pause", "resume", "remove" })
            (await crm.PostAsync($"/recurring-jobs/hr:sweep/{action}")).Problem(HttpStatusCode.NotFound);

        Assert.True((await hr.ReadAsync("/recurring-jobs"))[0].TryGetProperty("nextExecution", out _));
        Assert.Empty((await hr.ReadAsync("/jobs")).Ids());
    }

    [Fact]
    public async Task Trigger_IsAConflictWithTheReason_WhenThisProcessDoesNotHaveTheJob()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });
        Write(crm, "crm:sweep", "Job", """{"t":"Gone.Job, Gone","m":"Run","p":[],"a":[],"q":"crm"}""");

        Assert.Contains(
            "does not have the job", (await crm.PostAsync("/recurring-jobs/crm:sweep/trigger")).Problem(HttpStatusCode.Conflict),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_IsAConflictWithTheReason_WhenTheScheduleIsBroken()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });
        crm.Jobs.PauseRecurring("sweep");
        Write(crm, "crm:sweep", "Cron", "nonsense");

        Assert.Contains(
            "cannot be resumed", (await crm.PostAsync("/recurring-jobs/crm:sweep/resume")).Problem(HttpStatusCode.Conflict),
            StringComparison.Ordinal);
    }

    private static void Write(WebHost app, string storedId, string field, string value)
    {
        using var connection = app.Storage.GetConnection();
        connection.SetRangeInHash($"recurring-job:{storedId}", new Dictionary<string, string> { [field] = value });
    }
}
