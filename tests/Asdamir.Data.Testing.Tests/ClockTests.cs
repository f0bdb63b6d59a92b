using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Testing.Tests;

public sealed class ClockTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AdvanceTo_RunsASchedule_AtItsTime()
    {
        await using var host = await TestHost.StartAsync();

        Assert.Empty(await host.AdvanceToAsync(new TimeOnly(1, 59), Token));
        var runs = await host.AdvanceToAsync(new TimeOnly(2, 0), Token);

        Assert.Equal("NightlyJob", Assert.Single(runs.EnsureSucceeded()).JobName);
        Assert.Equal([new DateTimeOffset(2026, 3, 2, 2, 0, 0, TimeSpan.Zero)], host.Services.GetRequiredService<Ran>().At);
        Assert.Equal("nightly", host.Enqueued<NightlyJob>().RecurringJobId);
    }

    [Fact]
    public async Task Advance_RunsEachOccurrence_AtItsTime()
    {
        await using var host = await TestHost.StartAsync();

        var runs = await host.AdvanceAsync(TimeSpan.FromDays(3), Token);

        Assert.Equal(3, runs.EnsureSucceeded().Count);
        Assert.Equal(
            [2, 3, 4], host.Services.GetRequiredService<Ran>().At.Select(static at => at.TimeOfDay == TimeSpan.FromHours(2) ? at.Day : 0));
        Assert.Equal(TestHost.Start.AddDays(3), host.Clock.GetUtcNow());
        Assert.Equal(3, host.AllEnqueued<NightlyJob>().Count);
    }

    [Fact]
    public async Task Advance_RunsDelayedJobsAndRetries_AtTheirTimes()
    {
        await using var host = await TestHost.StartAsync();
        await host.Jobs.ScheduleAsync<FlakyJob>(TimeSpan.FromMinutes(10), Token);

        var runs = await host.AdvanceAsync(TimeSpan.FromMinutes(15), Token);

        runs.EnsureSucceeded();
        Assert.Equal([JobState.Scheduled, JobState.Scheduled, JobState.Succeeded], runs.Select(static run => run.State));
        Assert.Equal(
            [600, 630, 690], host.Services.GetRequiredService<Ran>().At.Select(static at => (at - TestHost.Start).TotalSeconds));
    }

    [Fact]
    public async Task Advance_RetriesByTheRulesOfTheJobType_AndWhenTheJobAsksForIt()
    {
        await using var host = await TestHost.StartAsync();
        await host.Jobs.EnqueueAsync<RuledJob>(ct: Token);

        var runs = await host.AdvanceAsync(TimeSpan.FromMinutes(5), Token);

        Assert.Equal(
            [
                (JobState.Scheduled, "Retry attempt 1 of 2 by the rule for TimeoutException: The bank does not answer."),
                (
                    JobState.Scheduled,
                    "Retry attempt 2 of 2 by the rule for TimeoutException, after 00:00:01.5000000 as the job asked: The bank is busy."),
                (JobState.Failed, "An exception occurred during performance of the job. Its job type allows no retry."),
            ],
            runs.Select(static run => (run.State, run.Reason!)));
        Assert.Equal([0, 60, 61.5], host.Services.GetRequiredService<Ran>().At.Select(static at => (at - TestHost.Start).TotalSeconds));
    }

    [Fact]
    public async Task Advance_CannotGoBack()
    {
        await using var host = await TestHost.StartAsync();

        var failure = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => host.AdvanceToAsync(TestHost.Start.AddTicks(-1), Token));

        Assert.Contains("cannot go back", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_IsThatOfTheApp_WhichMayHaveOneOfItsOwn()
    {
        var clock = new FakeTimeProvider(TestHost.Start);
        await using var host = await TestHost.StartAsync(app => app.Services.AddSingleton<TimeProvider>(clock));
        await using var other = await TestHost.StartAsync();

        Assert.Same(clock, host.Clock);
        Assert.Same(other.Clock, other.Services.GetRequiredService<TimeProvider>());
    }
}
