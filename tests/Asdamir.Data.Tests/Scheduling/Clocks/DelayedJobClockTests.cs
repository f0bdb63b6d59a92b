using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Scheduling;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;

namespace Asdamir.Data.Tests.Scheduling.Clocks;

public sealed class DelayedJobClockTests : ClockTests
{
    [Fact]
    public async Task Execute_MovesAJobToItsQueue_WhenItIsDue()
    {
        await using var host = await ClientAsync();
        host.Jobs.Schedule<IdleJob>(TimeSpan.FromSeconds(1));

        await ExecuteAsync(new DelayedJobClock(Storage, Scheduler(Sleep)));

        Assert.Equal(1, Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task Execute_LeavesAPlainJobToHangfiresScheduler_WithItsFilters()
    {
        var id = new BackgroundJobClient(Storage, new JobFilterCollection()).Create(
            Job.FromExpression(() => Console.WriteLine("plain")), new ScheduledState(TimeSpan.Zero));

        await ExecuteAsync(new DelayedJobClock(Storage, Scheduler(TimeSpan.Zero, new ToOtherQueue())));

        Assert.Equal(1, Storage.GetMonitoringApi().EnqueuedCount("other"));
        Assert.Equal(EnqueuedState.StateName, Storage.GetMonitoringApi().JobDetails(id).History[0].StateName);
    }

    [Fact]
    public async Task Execute_Ends_WhenTheDatabaseCannotBeReached() =>
        await ExecuteAsync(new DelayedJobClock(new UnreachableClock(), Scheduler(Sleep)));

    private static DelayedJobScheduler Scheduler(TimeSpan interval, params object[] filters)
    {
        var collection = new JobFilterCollection();
        foreach (var filter in filters)
            collection.Add(filter);
        return new DelayedJobScheduler(interval, new BackgroundJobStateChanger(collection));
    }

    private sealed class ToOtherQueue : IElectStateFilter
    {
        public void OnStateElection(ElectStateContext context)
        {
            if (context.CandidateState is EnqueuedState enqueued)
                enqueued.Queue = "other";
        }
    }
}
