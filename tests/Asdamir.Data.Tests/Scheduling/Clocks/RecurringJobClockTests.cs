using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Scheduling;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Client;
using Hangfire.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Scheduling.Clocks;

public sealed class RecurringJobClockTests : ClockTests
{
    private const string Set = "recurring-jobs";

    [Fact]
    public async Task Execute_FiresAllThatAreDue_AndDoesNotSleep()
    {
        await using var host = await ClientAsync();
        string[] ids = [.. Enumerable.Range(0, 5).Select(static number => number.ToString(CultureInfo.InvariantCulture))];
        foreach (var id in ids)
            AddHourly(host, id, dueSince: TimeSpan.FromSeconds(1));
        AddHourly(host, "later", dueSince: TimeSpan.FromHours(-1));

        await ExecuteAsync(new RecurringJobClock(new AlwaysDue(Storage), Scheduler(Sleep)));

        Assert.Equal(5, Storage.GetMonitoringApi().EnqueuedCount("crm"));
        Assert.All(Entries(host).Where(entry => entry.StoredId != "later"), entry => Assert.True(entry.NextExecution > DateTime.UtcNow));
    }

    [Fact]
    public async Task Execute_DoesNotSleep_WhenNothingIsDue()
    {
        await using var host = await ClientAsync();
        AddHourly(host, "later", dueSince: TimeSpan.FromHours(-1));

        await ExecuteAsync(new RecurringJobClock(new AlwaysDue(Storage), Scheduler(Sleep)));

        Assert.Equal(0, Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task Execute_LeavesAPausedOne()
    {
        await using var host = await ClientAsync();
        AddHourly(host, "paused", dueSince: TimeSpan.FromSeconds(1));
        Assert.True(host.Jobs.PauseRecurring("paused"));

        await ExecuteAsync(new RecurringJobClock(new AlwaysDue(Storage), Scheduler(Sleep)));

        Assert.Equal(0, Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task Execute_FiresWhenItIsDue_OnTheStoragesClock()
    {
        await using var host = await ClientAsync();
        host.Jobs.AddOrUpdateRecurring<IdleJob>("* * * * * *", new RecurringOptions { Id = "each-second" });

        await ExecuteAsync(new RecurringJobClock(Storage, Scheduler(Sleep)));

        // On a busy machine the next second is due, too, before it ends.
        Assert.NotEqual(0, Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    // As of Hangfire, an occurrence is missed after twice the interval.
    [Theory]
    [InlineData(3, 1)]
    [InlineData(3_000, 0)]
    public async Task Execute_SkipsAMissedOccurrence_ButNotALateOne(int lateSeconds, int fired)
    {
        await using var host = await ClientAsync();
        var now = DateTime.UtcNow;
        var due = now.AddSeconds(-lateSeconds);
        host.Jobs.AddOrUpdateRecurring<IdleJob>(
            $"{due.Second} {due.Minute} {due.Hour} * * *", new RecurringOptions { Id = "daily", Misfire = MisfirePolicy.Skip });
        SetDue("daily", due.AddHours(-1), due);

        await ExecuteAsync(new RecurringJobClock(new AlwaysDue(Storage), Scheduler(TimeSpan.FromSeconds(300))));

        Assert.Equal(fired, Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    private static RecurringJobScheduler Scheduler(TimeSpan interval) =>
        new(new BackgroundJobFactory(new Hangfire.Common.JobFilterCollection()), interval);

    private static IEnumerable<RecurringJobRecord> Entries(JobHost host) => host.Services.GetRequiredService<RecurringJobs>().List();

    private void AddHourly(JobHost host, string id, TimeSpan dueSince)
    {
        host.Jobs.AddOrUpdateRecurring<IdleJob>("0 * * * *", new RecurringOptions { Id = id });
        SetDue(id, DateTime.UtcNow.AddHours(-2), DateTime.UtcNow - dueSince);
    }

    private void SetDue(string id, DateTime last, DateTime next)
    {
        using var connection = Storage.GetConnection();
        connection.SetRangeInHash(
            $"recurring-job:{id}",
            new Dictionary<string, string> { ["LastExecution"] = Hangfire.Common.JobHelper.SerializeDateTime(last) });
        SetScore(Set, id, Hangfire.Common.JobHelper.ToTimestamp(next));
    }
}
