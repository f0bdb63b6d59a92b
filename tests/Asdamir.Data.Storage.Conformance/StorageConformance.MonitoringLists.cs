using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;
using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void ProcessingJobs_PagesFromTheOldest()
    {
        UseEmptyStorage();
        AssertPages(
            (from, count) => Monitoring.ProcessingJobs(from, count), Monitoring.ProcessingCount, () => Processing("server:1"),
            oldestFirst: true);

        var job = Monitoring.ProcessingJobs(0, 1).Single().Value;

        Assert.Equal("server:1", job.ServerId);
        Assert.True(job.InProcessingState);
        AssertNow(job.StartedAt);
        AssertJob(job.Job, job.InvocationData, job.StateData, "ServerId");
    }

    [Fact]
    public void ScheduledJobs_PagesFromTheOldest()
    {
        UseEmptyStorage();
        var at = DateTime.UtcNow.AddHours(3);
        AssertPages(
            (from, count) => Monitoring.ScheduledJobs(from, count), Monitoring.ScheduledCount, () => new ScheduledState(at),
            oldestFirst: true);

        var job = Monitoring.ScheduledJobs(0, 1).Single().Value;

        Assert.Equal(at, job.EnqueueAt, TimeSpan.FromMilliseconds(2));
        Assert.True(job.InScheduledState);
        AssertNow(job.ScheduledAt);
        AssertJob(job.Job, job.InvocationData, job.StateData, "EnqueueAt");
    }

    [Fact]
    public void SucceededJobs_PagesFromTheNewest()
    {
        UseEmptyStorage();
        AssertPages(
            (from, count) => Monitoring.SucceededJobs(from, count), Monitoring.SucceededListCount,
            () => new SucceededState("the result", 11, 31), oldestFirst: false);

        var job = Monitoring.SucceededJobs(0, 1).Single().Value;

        Assert.Equal("\"the result\"", job.Result);
        Assert.Equal(42, job.TotalDuration);
        Assert.True(job.InSucceededState);
        AssertNow(job.SucceededAt);
        AssertJob(job.Job, job.InvocationData, job.StateData, "PerformanceDuration");
    }

    [Fact]
    public void FailedJobs_PagesFromTheNewest()
    {
        UseEmptyStorage();
        AssertPages(
            (from, count) => Monitoring.FailedJobs(from, count),
            Monitoring.FailedCount,
            () => new FailedState(new InvalidOperationException("no such invoice")) { Reason = "because" },
            oldestFirst: false);

        var job = Monitoring.FailedJobs(0, 1).Single().Value;

        Assert.Equal("because", job.Reason);
        Assert.Equal("no such invoice", job.ExceptionMessage);
        Assert.Equal(typeof(InvalidOperationException).FullName, job.ExceptionType);
        Assert.Contains("no such invoice", job.ExceptionDetails, StringComparison.Ordinal);
        Assert.True(job.InFailedState);
        AssertNow(job.FailedAt);
        AssertJob(job.Job, job.InvocationData, job.StateData, "ExceptionType");
    }

    [Fact]
    public void DeletedJobs_PagesFromTheNewest()
    {
        UseEmptyStorage();
        AssertPages(
            (from, count) => Monitoring.DeletedJobs(from, count), Monitoring.DeletedListCount, () => new DeletedState(),
            oldestFirst: false);

        var job = Monitoring.DeletedJobs(0, 1).Single().Value;

        Assert.True(job.InDeletedState);
        AssertNow(job.DeletedAt);
        AssertJob(job.Job, job.InvocationData, job.StateData, "DeletedAt");
    }

    [Fact]
    public void AwaitingJobs_PagesFromTheOldest_AndShowsTheParentsState()
    {
        UseEmptyStorage();
        if (Lacks(Features.Monitoring.AwaitingJobs))
        {
            Assert.IsNotType<JobStorageMonitor>(Monitoring, exactMatch: false);
            return;
        }
        var monitor = Assert.IsType<JobStorageMonitor>(Monitoring, exactMatch: false);
        var parent = CreateJob(Processing("server"));
        AssertPages(
            (from, count) => monitor.AwaitingJobs(from, count), monitor.AwaitingCount, () => new AwaitingState(parent), oldestFirst: true);

        var job = monitor.AwaitingJobs(0, 1).Single().Value;

        Assert.Equal(ProcessingState.StateName, job.ParentStateName);
        Assert.True(job.InAwaitingState);
        AssertNow(job.AwaitingAt);
        AssertJob(job.Job, job.InvocationData, job.StateData, "ParentId");

        CreateJob(new AwaitingState("9223372036854775806"));
        Assert.Null(monitor.AwaitingJobs(4, 1).Single().Value.ParentStateName);
    }

    [Fact]
    public void Lists_DropAJob_WhenItsStateChanges()
    {
        UseEmptyStorage();
        var id = CreateJob(Processing("server"));

        Commit(transaction => transaction.SetJobState(id, new FailedState(new InvalidOperationException("no"))));

        Assert.Empty(Monitoring.ProcessingJobs(0, 10));
        Assert.Equal(0, Monitoring.ProcessingCount());
        Assert.Equal(id, Monitoring.FailedJobs(0, 10).Single().Key);

        Commit(transaction => transaction.ExpireJob(id, TimeSpan.FromDays(1)));
        Assert.Equal(1, Monitoring.FailedCount());
    }

    [Fact]
    public void Lists_ShowJobsThatCannotBeLoaded()
    {
        UseEmptyStorage();
        var id = Connection.CreateExpiredJob(SampleJobs.OfUnknownClass(), new Dictionary<string, string>(), DateTime.UtcNow, Hour);
        Commit(transaction => transaction.SetJobState(id, new FailedState(new InvalidOperationException("no"))));
        Commit(transaction => transaction.AddToQueue(Queue, id));

        var failed = Monitoring.FailedJobs(0, 10).Single().Value;
        var enqueued = Monitoring.EnqueuedJobs(Queue, 0, 10).Single().Value;
        var details = Monitoring.JobDetails(id);

        Assert.All(new[] { failed.Job, enqueued.Job, details.Job }, Assert.Null);
        Assert.All(
            new[] { failed.LoadException, enqueued.LoadException, details.LoadException },
            exception => Assert.Equal(Differs(Difference.JobsAreReadWithoutDetails), exception is null));
    }

    private void AssertPages<T>(Func<int, int, JobList<T>> read, Func<long> count, Func<IState> state, bool oldestFirst)
    {
        Assert.Empty(read(0, 10));
        Assert.Equal(0, count());
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(CreateJob(state()));
            CreateJob(new SampleState("Else", null, []));
        }

        if (!oldestFirst || Differs(Difference.ListsStartWithTheHighestId))
            ids.Reverse();
        Assert.Equal(4, count());
        Assert.Equal(ids, Ids(read(0, 10)));
        Assert.Equal(ids[..2], Ids(read(0, 2)));
        Assert.Equal(ids[1..3], Ids(read(1, 2)));
        Assert.Equal(ids[3..], Ids(read(3, 2)));
        Assert.Empty(read(4, 2));
    }

    private static IEnumerable<string> Ids<T>(JobList<T> jobs) => jobs.Select(job => job.Key);

    private void AssertJob(Job job, InvocationData invocation, IDictionary<string, string> stateData, string stateKey)
    {
        Assert.Equal(["some text"], job.Args);
        if (Differs(Difference.JobsAreReadWithoutDetails))
        {
            Assert.Null(invocation);
            Assert.Null(stateData);
            return;
        }
        Assert.Equal(nameof(SampleJobs.Take), invocation.Method);
        Assert.Contains(stateKey, stateData.Keys);
    }
}
