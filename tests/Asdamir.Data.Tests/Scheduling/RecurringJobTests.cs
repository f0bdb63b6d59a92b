using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Scheduling;

/// <summary>No server runs here, except where a job must be executed.</summary>
public sealed class RecurringJobTests
{
    [Fact]
    public async Task AddOrUpdateRecurring_StoresTheScheduleUnderThePrefixedJobName_ByDefault()
    {
        await using var host = await ClientAsync();

        host.Jobs.AddOrUpdateRecurring<SweepJob>(
            "0 2 * * *", new RecurringOptions { TimeZone = "Europe/Berlin", Misfire = MisfirePolicy.RunAll });

        var entry = Assert.Single(Entries(host));
        Assert.Equal(
            ("crm:SweepJob", "0 2 * * *", "Europe/Berlin", MisfirePolicy.RunAll, "crm"),
            (entry.StoredId, entry.Cron, entry.TimeZoneId, entry.Misfire, entry.Queue));
        Assert.True(entry.NextExecution > DateTime.UtcNow);
    }

    [Fact]
    public async Task AddOrUpdateRecurring_ReplacesTheSchedule_WithTheSameId()
    {
        await using var host = await ClientAsync();

        host.Jobs.AddOrUpdateRecurring<SweepJob>("0 2 * * *", new RecurringOptions { Id = "sweep" });
        host.Jobs.AddOrUpdateRecurring<SweepJob>("0 3 * * *", new RecurringOptions { Id = "sweep" });

        Assert.Equal("0 3 * * *", Assert.Single(Entries(host)).Cron);
    }

    [Theory]
    [InlineData("0 0 31 2 *", "sweep", "UTC", "never fires")]
    [InlineData("every night", "sweep", "UTC", "is invalid")]
    [InlineData("@daily", "sweep", "Mars/Olympus", "time zone 'Mars/Olympus'")]
    [InlineData("@daily", "sweep", "W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("@daily", " ", "UTC", "is empty")]
    public async Task AddOrUpdateRecurring_ThrowsAndStoresNothing_WhenSomethingIsInvalid(string cron, string id, string zone, string part)
    {
        await using var host = await ClientAsync();

        var error = Assert.Throws<ArgumentException>(
            () => host.Jobs.AddOrUpdateRecurring<SweepJob>(cron, new RecurringOptions { Id = id, TimeZone = zone }));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Empty(Entries(host));
    }

    [Fact]
    public async Task AddOrUpdateRecurring_Throws_WhenTheIdBelongsToAnotherApp()
    {
        var storage = new SharedStorage();
        await using var crm = await ClientAsync("crm", prefix: "", storage);
        await using var hr = await ClientAsync("hr", prefix: "", storage);
        crm.Jobs.AddOrUpdateRecurring<SweepJob>("0 2 * * *", new RecurringOptions { Id = "sweep" });

        var error = Assert.Throws<InvalidOperationException>(
            () => hr.Jobs.AddOrUpdateRecurring<SweepJob>("0 3 * * *", new RecurringOptions { Id = "sweep" }));

        Assert.Contains("queue 'crm'", error.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:RecurringJobIdPrefix", error.Message, StringComparison.Ordinal);
        Assert.Equal("0 2 * * *", Assert.Single(Entries(crm)).Cron);
        Assert.Equal(
            (false, null, false, false),
            (hr.Jobs.RemoveRecurring("sweep"), hr.Jobs.TriggerRecurring("sweep"), hr.Jobs.PauseRecurring("sweep"),
                hr.Jobs.ResumeRecurring("sweep")));
        Assert.False(Assert.Single(Entries(crm)).IsPaused);
    }

    [Fact]
    public async Task RemoveRecurring_RemovesTheEntry_AndSaysWhetherThereWasOne()
    {
        await using var host = await ClientAsync();
        host.Jobs.AddOrUpdateRecurring<SweepJob>("@daily", new RecurringOptions { Id = "sweep" });

        Assert.True(host.Jobs.RemoveRecurring("sweep"));

        Assert.Empty(Entries(host));
        Assert.Equal(
            (false, null, false, false),
            (host.Jobs.RemoveRecurring("sweep"), host.Jobs.TriggerRecurring("sweep"), host.Jobs.PauseRecurring("sweep"),
                host.Jobs.ResumeRecurring("sweep")));
    }

    [Fact]
    public async Task PauseRecurring_SurvivesEveryUpdate_UntilItIsResumed()
    {
        await using var host = await ClientAsync();
        host.Jobs.AddOrUpdateRecurring<SweepJob>("0 2 * * *", new RecurringOptions { Id = "sweep" });

        Assert.True(host.Jobs.PauseRecurring("sweep", "ledger migration"));
        host.Jobs.AddOrUpdateRecurring<SweepJob>("0 2 * * *", new RecurringOptions { Id = "sweep" });
        host.Jobs.AddOrUpdateRecurring<SweepJob>("30 4 * * *", new RecurringOptions { Id = "sweep", TimeZone = "Asia/Tokyo" });

        var paused = Assert.Single(Entries(host));
        Assert.Equal((true, "ledger migration", null), (paused.IsPaused, paused.PauseReason, paused.NextExecution));
        Assert.Equal(("30 4 * * *", "Asia/Tokyo"), (paused.Cron, paused.TimeZoneId));
        Assert.Equal("-1", ScoreOf(host, "crm:sweep"));

        Assert.True(host.Jobs.ResumeRecurring("sweep"));
        var resumed = Assert.Single(Entries(host));
        Assert.False(resumed.IsPaused);
        Assert.Null(resumed.PauseReason);
        Assert.Equal((19, 30), (resumed.NextExecution!.Value.Hour, resumed.NextExecution.Value.Minute));
        Assert.NotEqual("-1", ScoreOf(host, "crm:sweep"));
    }

    [Fact]
    public async Task TriggerRecurring_RunsNowAndDoesNotResume_WhilePaused()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<SweepJob>(), options => options.RecurringJobIdPrefix = "crm");
        host.Jobs.AddOrUpdateRecurring<SweepJob>("0 2 * * *", new RecurringOptions { Id = "sweep" });
        host.Jobs.PauseRecurring("sweep");

        var before = DateTime.UtcNow.AddSeconds(-1);
        var jobId = host.Jobs.TriggerRecurring("sweep")!;
        await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal(["crm:sweep"], host.Probe.Notes);
        var entry = Assert.Single(Entries(host));
        Assert.Equal((true, null, jobId), (entry.IsPaused, entry.NextExecution, entry.LastJobId));
        Assert.InRange(entry.LastExecution!.Value, before, DateTime.UtcNow);
    }

    [Fact]
    public async Task Trigger_CopiesTheArgumentsByteForByte_WhenAnotherProcessDoesIt()
    {
        var storage = new SharedStorage();
        await using var crm = await ClientAsync("crm", "crm", storage);
        await using var console = await JobHost.StartClientAsync(jobs => jobs.UseStorage(_ => storage));
        crm.Jobs.AddOrUpdateRecurring<ChargeJob, Charge>(
            new Charge(12.50m, new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.FromHours(1))), "@daily",
            new RecurringOptions { Id = "charge" });

        var jobId = console.Services.GetRequiredService<RecurringJobs>().Trigger("crm:charge", "Triggered by an operator")!;

        using var connection = storage.GetConnection();
        var stored = Hangfire.Storage.InvocationData.DeserializePayload(
            connection.GetAllEntriesFromHash("recurring-job:crm:charge")["Job"]);
        var triggered = connection.GetJobData(jobId).InvocationData;
        Assert.Equal((stored.Arguments, "crm"), (triggered.Arguments, triggered.Queue));
        JobEnvelope.TryUnwrap(connection.GetJobData(jobId).Job, out _, out var payload);
        Assert.Contains("""{"amount":12.50,"due":"2026-03-01T02:00:00+01:00"}""", payload, StringComparison.Ordinal);
        Assert.Equal(1, storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task RecurringScheduler_CreatesAJobOnTheAppsQueue_WhenItIsDue()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<SweepJob>(), options => options.AppQueue = "crm");

        host.Jobs.AddOrUpdateRecurring<SweepJob>("* * * * * *", new RecurringOptions { Id = "sweep" });
        await host.Probe.NotedAsync("sweep");

        Assert.Equal(0, host.Storage.GetMonitoringApi().EnqueuedCount("default"));
    }

    private static Task<JobHost> ClientAsync(string queue = "crm", string prefix = "crm", SharedStorage? storage = null) =>
        JobHost.StartClientAsync(
        jobs =>
        {
            jobs.AddJob<SweepJob>().AddJob<ChargeJob>();
            if (storage is not null)
                jobs.UseStorage(_ => storage);
        },
        options => (options.AppQueue, options.RecurringJobIdPrefix) = (queue, prefix));

    private static IEnumerable<RecurringJobRecord> Entries(JobHost host) => host.Services.GetRequiredService<RecurringJobs>().List();

    // Hangfire reads due ids by score; -1 is what it uses itself for "never".
    private static string ScoreOf(JobHost host, string storedId)
    {
        using var connection = (Hangfire.Storage.JobStorageConnection)host.Storage.GetConnection();
        return connection.GetFirstByLowestScoreFromSet("recurring-jobs", -1, -1, 10)?.Contains(storedId) == true ? "-1" : "set";
    }

    internal sealed record Charge(decimal Amount, DateTimeOffset Due);

    private sealed class SweepJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(ctx.RecurringJobId ?? "none");
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class ChargeJob : IJob<Charge>
    {
        public Task<JobResult> ExecuteAsync(Charge args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
