using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Tests.Monitoring.Health;

public sealed class HealthInMemory() : HealthTests(StorageKind.InMemory);

public sealed class HealthOnSqlite() : HealthTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class HealthOnPostgreSql() : HealthTests(StorageKind.PostgreSql);

public abstract class HealthTests(StorageKind kind) : MonitoringTests(kind)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task Check_IsHealthy_WhenNothingIsWrong()
    {
        var crm = await StartCheckedAsync(options => options.RunServer = true);
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily");

        await Until.TrueAsync(async () => (await CheckAsync(crm)).Status == HealthStatus.Healthy, "the server shows itself");

        var data = (await CheckAsync(crm)).Data;
        Assert.Equal((1, 0L, 0L, 0), (data["servers"], data["waiting"], data["failedLastHour"], data["recurringInTrouble"]));
    }

    [Fact]
    public async Task Check_IsUnhealthy_WhenNoServerOfTheAppLives()
    {
        var crm = await StartCheckedAsync(options => options.RunServer = true);
        await Until.TrueAsync(async () => (await CheckAsync(crm)).Status == HealthStatus.Healthy, "the server shows itself");
        Pass(TimeSpan.FromMinutes(3));

        await AssertTroubleAsync(crm, HealthStatus.Unhealthy, "sign of life", "servers", 0);
    }

    [Fact]
    public async Task Check_DoesNotMissAServer_InAProcessThatJobsNone() =>
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(await StartCheckedAsync())).Status);

    [Theory]
    [InlineData(6, HealthStatus.Degraded)]
    [InlineData(31, HealthStatus.Unhealthy)]
    public async Task Check_IsInTrouble_WhenAJobWaitsForTooLong(int minutes, HealthStatus status)
    {
        var crm = await StartCheckedAsync();
        crm.Jobs.Enqueue<IdleJob>();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(crm)).Status);
        Pass(TimeSpan.FromMinutes(minutes));

        await AssertTroubleAsync(crm, status, "has waited", "waiting", 1L);
    }

    [Fact]
    public async Task Check_IsDegraded_WhileAJobOfTheProcessDoesNotEnd()
    {
        var crm = await StartCheckedAsync();
        var stuck = new StuckJob("SendInvoiceJob", "42", "crm", DateTimeOffset.UtcNow.AddMinutes(-6));
        crm.Services.GetRequiredService<StuckJobs>().Add(stuck);

        await AssertTroubleAsync(
            crm, HealthStatus.Degraded,
            "1 job(s) of this process continue after their tokens were cancelled, the first SendInvoiceJob '42'",
            "stuckJobs", 1);
        crm.Services.GetRequiredService<StuckJobs>().Remove(stuck);

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(crm)).Status);
    }

    [Fact]
    public async Task Check_ShowsAPausedQueue_AndDoesNotAlarm()
    {
        var crm = await StartCheckedAsync();
        if (crm.Storage is not IJobPauses pauses)
            return;
        crm.Jobs.Enqueue<IdleJob>();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@hourly", new RecurringOptions { Id = "sweep" });
        pauses.Pause(JobPauseKind.Queue, "crm", "Ledger\nmigration", "ada");
        Pass(TimeSpan.FromHours(5));

        var paused = await CheckAsync(crm);

        Assert.Equal((HealthStatus.Healthy, 1, 1L), (paused.Status, paused.Data["pausedQueues"], paused.Data["waiting"]));
        Assert.StartsWith("The jobs are done in time. The queue 'crm' is paused since ", paused.Description, StringComparison.Ordinal);
        Assert.EndsWith(@" by ada (Ledger\u000amigration).", paused.Description, StringComparison.Ordinal);
        pauses.EndPause(JobPauseKind.Queue, "crm");
        await AssertTroubleAsync(crm, HealthStatus.Unhealthy, "has waited", "pausedQueues", 0);
    }

    [Fact]
    public async Task Check_NamesALimitWithoutRoom_AndDoesNotAlarm()
    {
        var crm = await StartCheckedAsync();
        if (crm.Storage is not IJobLimits limits)
            return;
        crm.Jobs.Enqueue<LimitedJob, Letter>(new("a"));
        limits.ChangeLimit("crm", "smtp", 0, "ada", null);
        Pass(TimeSpan.FromHours(5));

        var waits = await CheckAsync(crm);

        Assert.Equal((HealthStatus.Healthy, 1L), (waits.Status, waits.Data["waiting"]));
        Assert.Equal(
            "The jobs are done in time. 1 jobs of the limit 'smtp' wait for room; 0 of 0 run.", waits.Description);
        // Another one has no limit.
        crm.Jobs.Enqueue<IdleJob>();
        await AssertTroubleAsync(crm, HealthStatus.Unhealthy, "has waited", "waiting", 2L);
    }

    [Fact]
    public async Task Check_IsInTrouble_WhenAJobWithLimitsWaitsThoughThereIsRoom()
    {
        var crm = await StartCheckedAsync();
        if (crm.Storage is not IJobLimits)
            return;
        crm.Jobs.Enqueue<LimitedJob, Letter>(new("a"));
        Pass(TimeSpan.FromHours(5));

        await AssertTroubleAsync(crm, HealthStatus.Unhealthy, "has waited", "waiting", 1L);
    }

    [Fact]
    public async Task Check_DoesNotMindTheQueueOfAnotherApp()
    {
        var crm = await StartCheckedAsync();
        (await StartAsync("hr")).Jobs.Enqueue<IdleJob>();
        Pass(TimeSpan.FromHours(1));

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(crm)).Status);
    }

    [Theory]
    [InlineData(2, HealthStatus.Healthy)]
    [InlineData(3, HealthStatus.Degraded)]
    [InlineData(5, HealthStatus.Unhealthy)]
    public async Task Check_IsInTrouble_WhenManyJobsFailWithinAnHour(int failures, HealthStatus status)
    {
        var crm = await StartCheckedAsync(options =>
        {
            options.RunServer = true;
            options.Health.DegradedFailures = 2;
            options.Health.UnhealthyFailures = 4;
        });
        await Until.TrueAsync(async () => (await CheckAsync(crm)).Status == HealthStatus.Healthy, "the server shows itself");
        foreach (var jobId in crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("broken", failures)))
            await crm.UntilAsync(jobId, JobState.Failed);

        if (status == HealthStatus.Healthy)
            Assert.Equal(HealthStatus.Healthy, (await CheckAsync(crm)).Status);
        else
            await AssertTroubleAsync(crm, status, $"{failures} jobs have failed", "failedLastHour", (long)failures);
        // A pod is not restarted for them.
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(crm, "hangfire-jobs-alive")).Status);
    }

    [Fact]
    public async Task Check_IsDegraded_WhenARecurringJobIsLate()
    {
        var crm = await StartCheckedAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("0 0 1 1 *", new RecurringOptions { Id = "yearly" });
        Pass(TimeSpan.FromDays(370));

        await AssertTroubleAsync(crm, HealthStatus.Degraded, "crm:yearly", "recurringInTrouble", 1);
        crm.Jobs.PauseRecurring("yearly");
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(crm)).Status);
    }

    [Fact]
    public async Task Check_IsDegraded_WhenARecurringJobCouldNotBeStarted()
    {
        var crm = await StartCheckedAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });
        using (var connection = crm.Storage.GetConnection())
        {
            connection.SetRangeInHash(
                "recurring-job:crm:sweep", new Dictionary<string, string> { ["Error"] = "no such time zone", ["NextExecution"] = "" });
        }

        await AssertTroubleAsync(crm, HealthStatus.Degraded, "crm:sweep", "recurringInTrouble", 1);
    }

    // Times in the storage are those of the real clock, which passes meanwhile.
    private void Pass(TimeSpan time) => _time.SetUtcNow(DateTimeOffset.UtcNow + time);

    private static async Task<HealthReportEntry> CheckAsync(WebHost app, string name = "hangfire-jobs") =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken))
            .Entries[name];

    private static async Task AssertTroubleAsync(WebHost app, HealthStatus status, string why, string key, object value)
    {
        var entry = await CheckAsync(app);
        Assert.Equal((status, value), (entry.Status, entry.Data[key]));
        Assert.Contains(why, entry.Description, StringComparison.Ordinal);
    }

    private Task<WebHost> StartCheckedAsync(Action<HangfireJobsOptions>? configure = null) => StartAsync(
        configure: configure,
        services: services => services.AddSingleton<TimeProvider>(_time).AddHealthChecks().AddHangfireJobs());
}
