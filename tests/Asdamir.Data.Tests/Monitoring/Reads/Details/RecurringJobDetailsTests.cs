using System.Net;
using Asdamir.Data.HangfireJobs;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

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

    [Theory]
    [InlineData("NextExecution", false, 60, false)]
    [InlineData("NextExecution", false, 61, true)]
    [InlineData("LastExecution", false, 61, false)]
    [InlineData("LastExecution", true, 60, false)]
    [InlineData("LastExecution", true, 61, true)]
    public async Task RecurringJob_IsLate_WhenNoServerCreatesItsJobOrTheJobWaits(string field, bool hasWaitingJob, int seconds, bool isLate)
    {
        // Times are stored in milliseconds.
        var now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var crm = await StartAsync(services: services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(now)));
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@yearly", new RecurringOptions { Id = "sweep" });
        if (hasWaitingJob)
            Assert.NotNull(crm.Jobs.TriggerRecurring("sweep"));
        var due = now.UtcDateTime.AddSeconds(-seconds);
        Write(crm, field, due);

        var job = await crm.ReadAsync("/recurring-jobs/crm:sweep");

        Assert.Equal(isLate, job.TryGetProperty("lateSince", out var since));
        Assert.True(!isLate || since.GetDateTime() == due);
    }

    [Fact]
    public async Task PausedRecurringJob_IsNotLate()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@yearly", new RecurringOptions { Id = "sweep" });
        await crm.PostAsync("/recurring-jobs/crm:sweep/pause", new { reason = "maintenance" });
        Write(crm, "NextExecution", DateTime.UtcNow.AddHours(-1));

        Assert.False((await crm.ReadAsync("/recurring-jobs/crm:sweep")).TryGetProperty("lateSince", out _));
    }

    private static void Write(WebHost crm, string field, DateTime time)
    {
        using var connection = crm.Storage.GetConnection();
        connection.SetRangeInHash(
            "recurring-job:crm:sweep", new Dictionary<string, string> { [field] = JobHelper.SerializeDateTime(time) });
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
