using System.Collections.Concurrent;
using System.Diagnostics;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Conformance;

/// <summary>Fetches that wait, are woken, are cancelled, and compete.</summary>
public abstract partial class StorageConformance
{
    [Fact]
    public async Task FetchNextJob_EndsAtOnce_WhenCancelledWhileWaiting()
    {
        using var cancelled = new CancellationTokenSource();
        var waiting = OnThreadsAsync(1, _ => Connection.FetchNextJob([Queue], cancelled.Token));
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        var watch = Stopwatch.StartNew();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
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
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var waiting = OnThreadsAsync(1, _ =>
        {
            using var job = connection.FetchNextJob([OtherQueue, Queue], limit.Token);
            job.RemoveFromQueue();
            fetched.Add(job.JobId);
        });
        await Task.Delay(100, TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();

        var id = Enqueue(Queue);
        await waiting;

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"{watch.Elapsed}");
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
        await Task.Delay(100, TestContext.Current.CancellationToken);

        fetched.Requeue();

        await waiting.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
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
        await Task.Delay(100, TestContext.Current.CancellationToken);

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
        var patience = Stopwatch.StartNew();
        var fetching = OnThreadsAsync(connections.Length, thread =>
        {
            var random = new Random(thread);
            while (fetched.Count < Count && patience.Elapsed < TimeSpan.FromSeconds(20))
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

    private async Task<(string[] Enqueued, string[] Fetched)> FetchAllAsync(JobStorageConnection[] connections, int count)
    {
        var fetched = new ConcurrentBag<string>();
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(30));
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
