using System.Collections.Concurrent;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Conformance;

/// <summary>Fetches that wait, are woken, are cancelled, and compete.</summary>
public abstract partial class StorageConformance
{
    [Fact]
    public async Task FetchNextJob_EndsAtOnce_WhenCancelledWhileWaiting()
    {
        using var cancelled = new CancellationTokenSource();
        var connection = Connect();
        var waiting = OnThreadsAsync(1, _ => connection.FetchNextJob([Queue], cancelled.Token));
        await UntilFetchingWaitsAsync();
        Assert.False(waiting.IsCompleted);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(WakeLimit, TestContext.Current.CancellationToken));
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void FetchNextJob_Ends_WhenCancelledBefore()
    {
        Assert.ThrowsAny<OperationCanceledException>(() => Connection.FetchNextJob([Queue], new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task FetchNextJob_Wakes_WhenAJobIsEnqueued()
    {
        var fetched = new BlockingCollection<string>();
        var connection = Connect();
        using var limit = new CancellationTokenSource(WakeLimit);
        var waiting = OnThreadsAsync(1, _ =>
        {
            using var job = connection.FetchNextJob([OtherQueue, Queue], limit.Token);
            job.RemoveFromQueue();
            fetched.Add(job.JobId);
        });
        await UntilFetchingWaitsAsync();

        var id = Enqueue(Queue);
        await waiting;

        Assert.Equal([id], fetched);
    }

    [Fact]
    public async Task FetchNextJob_Wakes_WhenAJobIsGivenBack()
    {
        var id = Enqueue(Queue);
        using var fetched = Fetch(Queue);
        var connection = Connect();
        var waiting = OnThreadsAsync(1, _ =>
        {
            using var job = Fetch(connection, Queue);
            job.RemoveFromQueue();
            Assert.Equal(id, job.JobId);
        });
        await UntilFetchingWaitsAsync();

        fetched.Requeue();

        await waiting.WaitAsync(WakeLimit, TestContext.Current.CancellationToken);
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public async Task FetchNextJob_WakesTheOneThatServesTheQueue_WhenManyWaitForDifferentOnes()
    {
        string[] queues = [.. Enumerable.Range(0, 5).Select(_ => NewName("queue"))];
        var connections = queues.Select(_ => Connect()).ToArray();
        var fetched = new string[queues.Length];
        var waiting = OnThreadsAsync(queues.Length, thread =>
        {
            using var job = Fetch(connections[thread], queues[thread], Queue);
            job.RemoveFromQueue();
            fetched[thread] = job.JobId;
        });
        await UntilFetchingWaitsAsync();

        var enqueued = queues.Reverse().Select(queue => Enqueue(queue)).Reverse().ToArray();

        await waiting;
        Assert.Equal(enqueued, fetched);
    }

    [Fact]
    public async Task FetchNextJob_LosesNothing_WhenCancelledWhileJobsArrive()
    {
        const int Count = 60;
        var connections = Enumerable.Range(0, 10).Select(_ => Connect()).ToArray();
        var fetched = new ConcurrentBag<string>();
        using var patience = new CancellationTokenSource(Until.Limit);
        var fetching = OnThreadsAsync(connections.Length, thread =>
        {
            var random = new Random(thread);
            while (fetched.Count < Count && !patience.IsCancellationRequested)
            {
                using var soon = new CancellationTokenSource(random.Next(1, 30));
                try
                {
                    using var job = connections[thread].FetchNextJob([Queue], soon.Token);
                    job.RemoveFromQueue();
                    fetched.Add(job.JobId);
                }
                catch (OperationCanceledException) when (soon.IsCancellationRequested)
                {
                }
            }
        });

        var enqueued = Enqueue(Queue, Count);

        await fetching;
        Assert.Equal(enqueued.Order(), fetched.Order());
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public async Task FetchNextJob_GivesEachJobOnce_WhenTwentyFetchAtOnce()
    {
        var connections = Enumerable.Range(0, 20).Select(_ => Connect()).ToArray();

        var (ids, fetched) = await FetchAllAsync(connections, 100);

        Assert.Equal(ids.Order(), fetched.Order());
        AssertQueueIsEmpty(Queue);
    }

    /// <summary>
    /// A fetch of another queue that began later has got its job, so those before it have looked into their queues. Had they not, the tests
    /// would prove less, and pass.
    /// </summary>
    private async Task UntilFetchingWaitsAsync()
    {
        var connection = Connect();
        var queue = NewName("queue");
        await OnThreadsAsync(1, _ =>
        {
            Enqueue(queue);
            using var fetched = Fetch(connection, queue);
            fetched.RemoveFromQueue();
        });
    }

    private async Task<(string[] Enqueued, string[] Fetched)> FetchAllAsync(JobStorageConnection[] connections, int count)
    {
        var fetched = new ConcurrentBag<string>();
        using var done = new CancellationTokenSource(Until.Limit);
        var fetching = OnThreadsAsync(connections.Length, thread =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    using var job = connections[thread].FetchNextJob([Queue], done.Token);
                    job.RemoveFromQueue();
                    fetched.Add(job.JobId);
                }
                catch (OperationCanceledException) when (done.IsCancellationRequested)
                {
                    return;
                }
            }
        });
        var enqueued = Enqueue(Queue, count);
        await Until.TrueAsync(() => fetched.Count >= count, $"{count} jobs are fetched", () => $"{fetched.Count}");
        await done.CancelAsync();
        await fetching;
        return (enqueued, [.. fetched]);
    }
}
