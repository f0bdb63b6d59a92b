using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.Conformance;

/// <summary>What must hold in any order of concurrent calls.</summary>
public abstract partial class StorageConformance
{
    [Fact]
    public async Task Jobs_RunOnceEach_WhenManyThreadsEnqueueForFortyWorkers()
    {
        const int Threads = 6;
        const int Each = 25;
        var instances = AllInstances();
        Array.ForEach(instances, instance => StartServer(instance, 40 / instances.Length, Queue));
        var ids = new string[Threads * Each];

        await OnThreadsAsync(Threads, thread =>
        {
            var client = new BackgroundJobClient(instances[thread % instances.Length]);
            for (var i = thread * Each; i < (thread + 1) * Each; i++)
            {
                var tag = $"{Key}-{i}";
                ids[i] = Create(client, () => Work.Do(tag));
            }
        });

        await UntilFinalAsync(ids);
        Assert.All(ids, id => Assert.Equal([SucceededState.StateName, ProcessingState.StateName, EnqueuedState.StateName], StatesOf(id)));
        Assert.All(Enumerable.Range(0, ids.Length), i => Assert.Equal(1, Work.AttemptsOf($"{Key}-{i}")));
    }

    [Fact]
    public async Task Jobs_EndInOneFinalState_WhenDeleteAndRequeueRaceWithFortyWorkers()
    {
        UseEmptyStorage();
        var instances = AllInstances();
        Array.ForEach(instances, instance => StartServer(instance, 40 / instances.Length, Queue));
        const int Threads = 4;
        const int Each = 25;
        var ids = new string[Threads * Each];

        await OnThreadsAsync(Threads, thread =>
        {
            var random = new Random(thread);
            var client = new BackgroundJobClient(instances[thread % instances.Length]);
            for (var i = thread * Each; i < (thread + 1) * Each; i++)
            {
                ids[i] = Create(client, () => Work.Do(Key));
                var other = Volatile.Read(ref ids[random.Next(ids.Length)]) ?? ids[i];
                _ = random.Next(4) switch
                {
                    0 => client.Delete(ids[i]),
                    1 => client.Requeue(ids[i]),
                    2 => client.Delete(other) | client.Requeue(other),
                    _ => client.Requeue(other),
                };
            }
        });

        await UntilFinalAsync(ids);
        Assert.All(ids, AssertHistoryIsConsistent);
        var succeeded = ids.Count(id => Connection.GetJobData(id).State == SucceededState.StateName);
        Assert.Equal((succeeded, ids.Length - succeeded), (Monitoring.SucceededListCount(), Monitoring.DeletedListCount()));
        var statistics = Monitoring.GetStatistics();
        if (Differs(Difference.CountersLoseWhileAggregated))
            Assert.InRange(statistics.Succeeded + statistics.Deleted, 1, 2 * ids.Length);
        else
            Assert.Equal((succeeded, ids.Length - succeeded), (statistics.Succeeded, statistics.Deleted));
        Assert.Equal(0, statistics.Enqueued + statistics.Processing + statistics.Failed + statistics.Scheduled);
    }

    [Fact]
    public async Task StateChanges_OfOneJob_HappenOneAfterTheOther_WhenManyThreadsChangeIt()
    {
        var id = Create(() => Work.Do(Key));
        var instances = AllInstances();
        var changes = 0;

        await OnThreadsAsync(4, thread =>
        {
            var client = new BackgroundJobClient(instances[thread % instances.Length]);
            for (var i = 0; i < 4; i++)
            {
                // Only one of all can find the state it expects.
                if (client.ChangeState(id, new DeletedState(), EnqueuedState.StateName)
                    || client.ChangeState(id, new EnqueuedState(Queue), DeletedState.StateName))
                {
                    Interlocked.Increment(ref changes);
                }
            }
        });

        var history = StatesOf(id).Reverse().ToArray();
        Assert.Equal(changes + 1, history.Length);
        for (var i = 0; i < history.Length; i++)
            Assert.Equal(i % 2 == 0 ? EnqueuedState.StateName : DeletedState.StateName, history[i]);
        Assert.Equal(history[^1], Connection.GetJobData(id).State);
    }

    private async Task UntilFinalAsync(string[] ids)
    {
        string[] final = [SucceededState.StateName, DeletedState.StateName];
        bool IsFinal(string id) => final.Contains(Connection.GetJobData(id).State);

        await UntilQueueIsEmptyAsync();
        await Until.TrueAsync(
            () => Array.TrueForAll(ids, IsFinal),
            "every job is final",
            () =>
                "those that are not: "
                    + $"{string.Join("; ", ids.Where(id => !IsFinal(id)).Select(id => $"{id}: {string.Join(", ", StatesOf(id))}"))}");
        await UntilQueueIsEmptyAsync();
    }

    private void AssertHistoryIsConsistent(string id)
    {
        var history = StatesOf(id).Reverse().ToArray();
        Assert.Equal(Connection.GetJobData(id).State, history[^1]);
        Assert.Equal(EnqueuedState.StateName, history[0]);
        for (var i = 1; i < history.Length; i++)
        {
            if (history[i] == SucceededState.StateName)
                Assert.Equal(ProcessingState.StateName, history[i - 1]);
            else if (history[i] == ProcessingState.StateName)
                Assert.Contains(history[i - 1], new[] { EnqueuedState.StateName, ProcessingState.StateName });
        }
    }
}
