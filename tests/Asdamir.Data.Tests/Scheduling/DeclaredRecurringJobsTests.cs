using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Scheduling;

public sealed class DeclaredRecurringJobsTests
{
    private readonly SharedStorage _storage = new();

    [Fact]
    public async Task Start_AppliesTheDeclaredSchedules_OfAllJobs()
    {
        await using var host = await StartAsync("crm", jobs => jobs.AddJob<NightlyJob>());

        Assert.Equal(["crm:NightlyJob 0 2 * * * UTC", "crm:weekly 0 3 * * 1 Europe/Berlin"], Entries(host).Select(Describe));
    }

    [Fact]
    public async Task Start_RemovesItsStaleDeclaredIdsOnly_WhenAJobIsGone()
    {
        await using (var before = await StartAsync("crm", jobs => jobs.AddJob<NightlyJob>().AddJob<HourlyJob>()))
            before.Jobs.AddOrUpdateRecurring<HourlyJob>("@hourly", new RecurringOptions { Id = "by call" });
        await using (await StartAsync("hr", jobs => jobs.AddJob<NightlyJob>()))
        {
        }

        await using var after = await StartAsync("crm", jobs => jobs.AddJob<HourlyJob>());

        Assert.Equal(["crm:HourlyJob", "crm:by call", "hr:NightlyJob", "hr:weekly"], Entries(after).Select(entry => entry.StoredId));
        Assert.Equal(
            ["crm:NightlyJob", "crm:weekly"],
            after.Logs.With(1401).Select(entry => entry.Message.Split(' ')[2]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_TouchesNoIdOfAnApp_WhoseIdsCarryALongerPrefix()
    {
        await using (await StartAsync("crm2", jobs => jobs.AddJob<NightlyJob>()))
        {
        }

        await using var crm = await StartAsync("crm", _ => { });

        Assert.Equal(["crm2:NightlyJob", "crm2:weekly"], Entries(crm).Select(entry => entry.StoredId));
    }

    [Fact]
    public async Task Start_TouchesNoIdDeclaredByAnotherApp_WithoutQueuesAndPrefixes()
    {
        await using (var other = await StartAsync("", jobs => jobs.AddJob<NightlyJob>()))
            other.Services.GetRequiredService<RecurringJobs>().MarkDeclared("weekly", "||Other.App");

        await using var mine = await StartAsync("", _ => { });

        Assert.Equal(["weekly"], Entries(mine).Select(entry => entry.StoredId));
    }

    [Fact]
    public async Task Start_KeepsAPause_WhenTheAppIsDeployedAgain()
    {
        await using (var before = await StartAsync("crm", jobs => jobs.AddJob<HourlyJob>()))
            before.Jobs.PauseRecurring("HourlyJob", "until Monday");

        await using var after = await StartAsync("crm", jobs => jobs.AddJob<HourlyJob>());

        var entry = Assert.Single(Entries(after));
        Assert.Equal((true, "until Monday", null), (entry.IsPaused, entry.PauseReason, entry.NextExecution));
    }

    [Fact]
    public async Task Start_AppliesNothing_WithoutAServer()
    {
        await using var host = await JobHost.StartClientAsync(jobs => jobs.AddJob<NightlyJob>().UseStorage(_ => _storage));

        Assert.Empty(Entries(host));
    }

    [Fact]
    public async Task Check_SchedulesAgainAndRaisesAnAlert_WhenAnotherServerHasDisabledTheEntry()
    {
        await using var host = await StartAsync("crm", jobs => jobs.AddJob<HourlyJob>());
        Break("crm:HourlyJob");

        host.Services.GetRequiredService<Asdamir.Data.HangfireJobs.Scheduling.RecurringJobMonitor>().Check();

        AssertHealed(host);
    }

    [Fact]
    public async Task Start_SchedulesAgainAndRaisesAnAlert_WhenAnotherServerHasDisabledTheEntry()
    {
        // It must be gone, or its own watch is the first to see it.
        await (await StartAsync("crm", jobs => jobs.AddJob<HourlyJob>())).DisposeAsync();
        Break("crm:HourlyJob");

        await using var host = await StartAsync("crm", jobs => jobs.AddJob<HourlyJob>());

        AssertHealed(host);
    }

    [Fact]
    public async Task Check_LeavesTheEntryAlone_WhenItBelongsToAnotherApp()
    {
        // It must be gone, or its own watch schedules it again.
        await (await StartAsync("hr", jobs => jobs.AddJob<HourlyJob>())).DisposeAsync();
        await using var crm = await StartAsync("crm", _ => { });
        Break("hr:HourlyJob");

        crm.Services.GetRequiredService<Asdamir.Data.HangfireJobs.Scheduling.RecurringJobMonitor>().Check();

        Assert.Null(Assert.Single(Entries(crm)).NextExecution);
        Assert.Empty(crm.Logs.With(1402));
    }

    private Task<JobHost> StartAsync(string app, Action<IHangfireJobsBuilder> addJobs) => JobHost.StartAsync(
        jobs => addJobs(jobs.UseStorage(_ => _storage)),
        options => (options.AppQueue, options.RecurringJobIdPrefix) = (app, app));

    private static IEnumerable<RecurringJobRecord> Entries(JobHost host) => host.Services.GetRequiredService<RecurringJobs>().List();

    private static string Describe(RecurringJobRecord entry) => $"{entry.StoredId} {entry.Cron} {entry.TimeZoneId}";

    // What Hangfire writes when it disables an entry after its last attempt.
    private void Break(string storedId)
    {
        using var connection = _storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(
            $"recurring-job:{storedId}",
            new Dictionary<string, string> { ["Error"] = "no such zone", ["NextExecution"] = "", ["RetryAttempt"] = "5" });
        transaction.AddToSet("recurring-jobs", storedId, -1);
        transaction.Commit();
    }

    private static void AssertHealed(JobHost host)
    {
        var entry = Assert.Single(Entries(host));
        Assert.Null(entry.Error);
        Assert.True(entry.NextExecution > DateTime.UtcNow);
        // The server's own watch may have seen it at the same moment.
        var alert = host.Logs.With(1402).First();
        Assert.Contains("crm:HourlyJob was disabled", alert.Message, StringComparison.Ordinal);
        Assert.Contains("no such zone", alert.Message, StringComparison.Ordinal);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Error, alert.Level);
    }

    [RecurringJob("0 2 * * *"), RecurringJob("0 3 * * 1", Id = "weekly", TimeZone = "Europe/Berlin")]
    private sealed class NightlyJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [RecurringJob("@hourly")]
    private sealed class HourlyJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
