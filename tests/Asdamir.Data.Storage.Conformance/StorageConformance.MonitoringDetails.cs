using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;
using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void JobDetails_ShowsJobPropertiesHistoryAndTimes()
    {
        var id = Connection.CreateExpiredJob(
            SampleJobs.Text("x", "crm"), new Dictionary<string, string> { ["Culture"] = "tr-TR" }, DateTime.UtcNow, Hour);
        Commit(transaction => transaction.SetJobState(id, new EnqueuedState(Queue) { Reason = "new" }));
        Commit(transaction => transaction.SetJobState(id, Processing("server")));

        var details = Monitoring.JobDetails(id);

        Assert.Equal(["x"], details.Job.Args);
        Assert.Equal("crm", details.Job.Queue);
        Assert.Equal(new Dictionary<string, string> { ["Culture"] = "tr-TR" }, details.Properties);
        AssertNow(details.CreatedAt);
        AssertNow(details.ExpireAt, Hour);
        Assert.Equal([ProcessingState.StateName, EnqueuedState.StateName], details.History.Select(state => state.StateName));
        Assert.Equal("server", details.History[0].Data["ServerId"]);
        Assert.Equal("new", details.History[1].Reason);
        Assert.Equal(Queue, details.History[1].Data["Queue"]);
        Assert.Null(details.LoadException);
        Assert.Equal(Differs(Difference.JobsAreReadWithoutDetails), details.InvocationData is null);
    }

    [Fact]
    public void JobDetails_ShowsAJobWithoutState()
    {
        var details = Monitoring.JobDetails(CreateJob());

        Assert.Empty(details.History);
        Assert.Empty(details.Properties);
    }

    [Fact]
    public void GetStatistics_IsAllZero_WhenEmpty()
    {
        UseEmptyStorage();

        var statistics = Monitoring.GetStatistics();

        Assert.All(
            new[]
            {
                statistics.Servers, statistics.Recurring, statistics.Enqueued, statistics.Queues, statistics.Scheduled,
                statistics.Processing,
                statistics.Succeeded, statistics.Failed, statistics.Deleted, statistics.Retries ?? 0, statistics.Awaiting ?? 0,
            },
            number => Assert.Equal(0, number));
    }

    [Fact]
    public void GetStatistics_CountsStatesCountersSetsServersAndQueues()
    {
        UseEmptyStorage();
        IState[] states =
        [
            new ScheduledState(Hour), Processing("server"),
            new FailedState(new InvalidOperationException("no")), new AwaitingState("1"),
        ];
        for (var i = 0; i < states.Length; i++)
        {
            for (var count = 0; count <= i; count++)
                CreateJob(states[i]);
        }
        Enqueue("crm", 6);
        Connection.AnnounceServer("server", new ServerContext { Queues = ["crm"], WorkerCount = 1 });
        Commit(transaction =>
        {
            for (var i = 0; i < 8; i++)
                transaction.IncrementCounter("stats:succeeded");
            for (var i = 0; i < 9; i++)
                transaction.IncrementCounter("stats:deleted");
            transaction.AddRangeToSet("recurring-jobs", ["a", "b", "c"]);
            transaction.AddRangeToSet("retries", ["1", "2"]);
        });

        var statistics = Monitoring.GetStatistics();

        Assert.Equal(
            (6, 1, 2, 3, 8, 9, 3, 1, 1),
            (statistics.Enqueued, statistics.Scheduled, statistics.Processing, statistics.Failed, statistics.Succeeded, statistics.Deleted,
                statistics.Recurring, statistics.Servers, statistics.Queues));
        Assert.Equal(
            Differs(Difference.StatisticsLackAwaitingAndRetries) ? (null, null) : (4L, 2L), (statistics.Awaiting, statistics.Retries));
    }

    [Fact]
    public void GraphsByDate_ShowTheLastSevenDays()
    {
        UseEmptyStorage();
        AssertGraph("succeeded", "yyyy-MM-dd", 7, now => now.Date, TimeSpan.FromDays(1), () => Monitoring.SucceededByDatesCount());
        AssertGraph("failed", "yyyy-MM-dd", 7, now => now.Date, TimeSpan.FromDays(1), () => Monitoring.FailedByDatesCount());
        if (!LacksDeletedGraphs(out var monitor))
            AssertGraph("deleted", "yyyy-MM-dd", 7, now => now.Date, TimeSpan.FromDays(1), () => monitor.DeletedByDatesCount());
    }

    [Fact]
    public void GraphsByHour_ShowTheLastDay()
    {
        UseEmptyStorage();
        AssertGraph("succeeded", "yyyy-MM-dd-HH", 24, now => now, TimeSpan.FromHours(1), () => Monitoring.HourlySucceededJobs());
        AssertGraph("failed", "yyyy-MM-dd-HH", 24, now => now, TimeSpan.FromHours(1), () => Monitoring.HourlyFailedJobs());
        if (!LacksDeletedGraphs(out var monitor))
            AssertGraph("deleted", "yyyy-MM-dd-HH", 24, now => now, TimeSpan.FromHours(1), () => monitor.HourlyDeletedJobs());
    }

    private bool LacksDeletedGraphs(out JobStorageMonitor monitor)
    {
        monitor = (Monitoring as JobStorageMonitor)!;
        Assert.Equal(Lacks(Features.Monitoring.DeletedStateGraphs), monitor is null);
        return monitor is null;
    }

    private void AssertGraph(
        string kind, string format, int length, Func<DateTime, DateTime> start, TimeSpan step, Func<IDictionary<DateTime, long>> read)
    {
        // Taken again when the hour or the day turns meanwhile.
        DateTime now;
        IDictionary<DateTime, long> empty, filled;
        var added = 0;
        do
        {
            now = DateTime.UtcNow;
            empty = read();
            Commit(transaction =>
            {
                for (var back = 0; back < 3; back++)
                {
                    for (var count = 0; count <= back; count++)
                    {
                        transaction.IncrementCounter(
                            $"stats:{kind}:{(now - (back * step)).ToString(format, System.Globalization.CultureInfo.InvariantCulture)}",
                            TimeSpan.FromDays(30));
                    }
                }
            });
            added++;
            filled = read();
        }
        while (DateTime.UtcNow.Hour != now.Hour);

        Assert.Equal(length, filled.Count);
        if (added == 1)
            Assert.All(empty.Values, value => Assert.Equal(0, value));
        var newestFirst = filled.OrderByDescending(point => point.Key).ToArray();
        Assert.Equal([added, 2 * added, 3 * added, 0], newestFirst.Select(point => point.Value).Take(4));
        for (var back = 0; back < length; back++)
            Assert.Equal(start(now) - (back * step), newestFirst[back].Key, TimeSpan.FromMinutes(1));
    }
}
