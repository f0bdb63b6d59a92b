using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Monitoring.Reads.Details;

public sealed class RecurringJobDetailsInMemory() : RecurringJobDetailsTests(StorageKind.InMemory);

public sealed class RecurringJobDetailsOnSqlite() : RecurringJobDetailsTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class RecurringJobDetailsOnPostgreSql() : RecurringJobDetailsTests(StorageKind.PostgreSql);

public abstract class RecurringJobDetailsTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task RecurringJob_TellsThatAndWhyItIsPaused()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<BadJob, string>(
            "disk", "0 2 * * *", new RecurringOptions { Id = "a/b", TimeZone = "Europe/Istanbul" });
        var path = $"/recurring-jobs/{Uri.EscapeDataString("crm:a/b")}";
        var before = await crm.ReadAsync(path);
        await crm.PostAsync($"{path}/pause", new { reason = "maintenance" });

        var after = await crm.ReadAsync(path);

        Assert.Equal(("crm:a/b", "BadJob", "0 2 * * *", "Europe/Istanbul", "\"disk\"", "RunOnce"),
            (before.Text("id"), before.Text("name"), before.Text("cron"), before.Text("timeZoneId"), before.Text("arguments"),
                before.Text("misfire")));
        Assert.False(before.GetProperty("paused").GetBoolean() || before.GetProperty("declared").GetBoolean());
        Assert.True(before.TryGetProperty("nextExecution", out _));
        Assert.True(after.GetProperty("paused").GetBoolean());
        Assert.Equal("maintenance", after.Text("pauseReason"));
        Assert.Equal(DateTimeKind.Utc, after.GetProperty("pausedAt").GetDateTime().Kind);
    }

    [Fact]
    public async Task RecurringJob_TellsWhyItCouldNotBeStarted()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });
        using (var connection = crm.Storage.GetConnection())
            connection.SetRangeInHash("recurring-job:crm:sweep", new Dictionary<string, string> { ["Error"] = "no such time zone" });

        Assert.Equal("no such time zone", (await crm.ReadAsync("/recurring-jobs/crm:sweep")).Text("error"));
    }

    [Fact]
    public async Task RecurringJob_OfAnotherApp_IsNotFound()
    {
        var (crm, hr) = (await StartAsync(), await StartAsync("hr"));
        hr.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });

        (await crm.AskAsync("/recurring-jobs/hr:sweep")).Problem(HttpStatusCode.NotFound);
        (await crm.AskAsync("/recurring-jobs/none")).Problem(HttpStatusCode.NotFound);
    }
}
