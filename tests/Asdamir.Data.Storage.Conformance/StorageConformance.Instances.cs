using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Conformance;

/// <summary>Two instances of one storage, as two processes have them.</summary>
public abstract partial class StorageConformance
{
    [Fact]
    public void SecondInstance_SeesANewJobAtOnce()
    {
        if (!TryOpenSecondInstance(out var second))
            return;
        var connection = Connect(second);
        var id = Connection.CreateExpiredJob(SampleJobs.Text("x"), new Dictionary<string, string>(), DateTime.UtcNow, Hour);

        if (Differs(Difference.NewJobsAreHeldBack))
        {
            Assert.Null(connection.GetJobData(id));
            Commit(transaction => transaction.AddToSet(Key, "value"));
        }
        Assert.NotNull(connection.GetJobData(id));
    }

    [Fact]
    public async Task SecondInstance_IsWoken_WhenTheFirstEnqueues()
    {
        if (!TryOpenSecondInstance(out var second))
            return;
        var connection = Connect(second);
        var fetching = OnThreadsAsync(1, _ =>
        {
            using var fetched = Fetch(connection, Queue);
            fetched.RemoveFromQueue();
        });
        await UntilFetchingWaitsAsync();

        Enqueue(Queue);

        await fetching.WaitAsync(WakeLimit, TestContext.Current.CancellationToken);
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public async Task SecondInstance_FetchesNoJobTheFirstFetches()
    {
        if (!TryOpenSecondInstance(out var second))
            return;
        var connections = Enumerable.Range(0, 10).Select(number => number % 2 == 0 ? Connect() : Connect(second)).ToArray();

        var (ids, fetched) = await FetchAllAsync(connections, 60);

        Assert.Equal(ids.Order(), fetched.Order());
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void SecondInstance_GetsWhatTheFirstGivesBack()
    {
        if (!TryOpenSecondInstance(out var second))
            return;
        var id = Enqueue(Queue);
        Fetch(Queue).Dispose();

        using var fetched = Fetch(Connect(second), Queue);

        Assert.Equal(id, fetched.JobId);
        fetched.RemoveFromQueue();
    }

    [Fact]
    public void SecondInstance_GetsTheOtherJobs_WhileTheFirstIsBusyWithOne()
    {
        if (!TryOpenSecondInstance(out var second))
            return;
        var ids = Enqueue(Queue, 5);
        var connection = Connect(second);
        using var busy = Fetch(Queue);

        var others = Enumerable.Range(0, 4).Select(_ => Fetch(connection, Queue)).ToArray();

        Assert.Equal(ids, others.Select(job => job.JobId).Append(busy.JobId).OrderBy(long.Parse));
        Array.ForEach(others, job => job.RemoveFromQueue());
        busy.RemoveFromQueue();
    }

    [Fact]
    public async Task SecondInstance_GetsTheOtherJobs_WhenTheFirstIsClosedAfterOne()
    {
        if (!TryOpenSecondInstance(out var closing))
            return;
        var ids = Enqueue(Queue, 5);
        using (var connection = (JobStorageConnection)closing.GetConnection())
        using (var fetched = Fetch(connection, Queue))
            fetched.RemoveFromQueue();

        await OpenStorages.CloseAsync(closing);

        Assert.Equal(ids[1..], ids[1..].Select(_ => FetchAndRemove(Queue)).OrderBy(long.Parse));
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public async Task SecondInstance_DeletesJobs_BeforeTheFirstJobsThem()
    {
        if (!TryOpenSecondInstance(out var second))
            return;
        StartServer(workers: 1, Queue);
        var blocking = Create(() => Work.UntilCancelledAsync(OtherKey, CancellationToken.None));
        await Until.TrueAsync(() => Work.AttemptsOf(OtherKey) == 1, "the only worker is busy");
        string[] ids = [.. Enumerable.Range(0, 6).Select(_ => Create(() => Work.Do(Key)))];

        var client = new BackgroundJobClient(second);
        Assert.All(ids, id => Assert.True(client.Delete(id)));
        Assert.True(client.Delete(blocking));

        await UntilQueueIsEmptyAsync();
        Assert.Equal(0, Work.AttemptsOf(Key));
        Assert.All(ids, id => Assert.Equal([DeletedState.StateName, EnqueuedState.StateName], StatesOf(id)));
    }

    [Fact]
    public void SecondInstance_IsKeptOut_WhileTheFirstHoldsALock()
    {
        if (!TryOpenSecondInstance(out var second))
            return;
        var connection = Connect(second);

        using (Connection.AcquireDistributedLock(Key, Long))
            AssertLocked(connection, Key);

        connection.AcquireDistributedLock(Key, Long).Dispose();
    }

    [Fact]
    public async Task SecondInstance_CountsOnTheSameCounterAndSet()
    {
        if (!TryOpenSecondInstance(out var second))
            return;
        JobStorageConnection[] connections = [Connect(), Connect(second)];

        await OnThreadsAsync(2, thread =>
        {
            for (var i = 0; i < 20; i++)
            {
                Commit(connections[thread], transaction =>
                {
                    transaction.IncrementCounter(Key);
                    transaction.AddToSet(Key, $"{thread}-{i}");
                });
            }
        });

        Assert.All(connections, connection => Assert.Equal(40, connection.GetCounter(Key)));
        Assert.All(connections, connection => Assert.Equal(40, connection.GetSetCount(Key)));
    }

    private JobStorage[] AllInstances() => TryOpenSecondInstance(out var second) ? [Storage, second] : [Storage];

    /// <summary>Proves that the second instance sees what the first has, or that it does not when that is declared.</summary>
    private bool TryOpenSecondInstance(out JobStorage second)
    {
        var id = CreateJob("shared");
        second = _storages.Add(OpenStorage(_name));
        var seen = Connect(second).GetJobData(id);
        if (Differs(Difference.InstancesShareNothing))
        {
            Assert.Null(seen);
            return false;
        }
        Assert.NotNull(seen);
        Assert.Equal(["shared"], seen.Job.Args);
        return true;
    }
}
