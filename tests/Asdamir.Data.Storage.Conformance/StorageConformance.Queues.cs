using Hangfire.States;
using Hangfire.Storage;
using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    private string OtherQueue { get; } = NewName("queue");

    [Fact]
    public void FetchNextJob_GivesJobsInTheOrderTheyWereEnqueued()
    {
        string[] ids = [.. Enumerable.Range(0, 5).Select(_ => CreateJob())];
        string[] enqueued = [ids[2], ids[0], ids[4], ids[1], ids[3]];
        foreach (var id in enqueued)
            Commit(transaction => transaction.AddToQueue(Queue, id));

        var fetched = enqueued.Select(_ => FetchAndRemove(Queue)).ToArray();

        Assert.Equal(Differs(Difference.QueuesAreInOrderOfJobIds) ? ids : enqueued, fetched);
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void FetchNextJob_GivesJobsInTheOrderOfTheCalls_WhenEnqueuedByOneTransaction()
    {
        string[] ids = [.. Enumerable.Range(0, 5).Select(_ => CreateJob())];
        Commit(transaction => Array.ForEach(ids, id => transaction.AddToQueue(Queue, id)));

        Assert.Equal(ids, ids.Select(_ => FetchAndRemove(Queue)));
    }

    [Fact]
    public void FetchNextJob_TakesFromItsQueuesOnly()
    {
        var others = Enqueue(OtherQueue);
        var own = Enqueue(Queue);

        Assert.Equal(own, FetchAndRemove(Queue));

        AssertQueueIsEmpty(Queue);
        Assert.Equal(others, FetchAndRemove(OtherQueue));
    }

    [Fact]
    public void FetchNextJob_TakesFromAllItsQueues()
    {
        string[] ids = [Enqueue(Queue), Enqueue(OtherQueue)];

        Assert.Equal(ids.Order(), new[] { FetchAndRemove(Queue, OtherQueue), FetchAndRemove(Queue, OtherQueue) }.Order());
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public void FetchNextJob_ServesTheQueueNamedFirst(string first, string second)
    {
        var firstQueue = $"{first}_{Queue}";
        var secondQueue = $"{second}_{Queue}";
        var inSecond = Enqueue(secondQueue);
        var inFirst = Enqueue(firstQueue);

        var fetched = FetchAndRemove(firstQueue, secondQueue);

        var inA = first == "a" ? inFirst : inSecond;
        Assert.Equal(Differs(Difference.QueuesAreServedAlphabetically) ? inA : inFirst, fetched);
    }

    [Fact]
    public void FetchNextJob_GivesAJobTwice_WhenEnqueuedTwice()
    {
        var id = Enqueue(Queue);
        Commit(transaction => transaction.AddToQueue(Queue, id));

        using var first = Fetch(Queue);
        using var second = Fetch(Queue);

        Assert.Equal([id, id], new[] { first.JobId, second.JobId });
        first.RemoveFromQueue();
        second.RemoveFromQueue();
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void FetchNextJob_GivesAJobAgain_WhenEnqueuedWhileFetched()
    {
        var id = Enqueue(Queue);
        using var first = Fetch(Queue);
        Commit(transaction => transaction.AddToQueue(Queue, id));

        first.RemoveFromQueue();

        Assert.Equal(id, FetchAndRemove(Queue));
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void FetchNextJob_Continues_WhenAnEnqueuedJobIsUnknown()
    {
        Commit(transaction => transaction.AddToQueue(Queue, "9223372036854775806"));
        var id = Enqueue(Queue);

        var fetched = FetchAndRemove(Queue);

        // The unknown job may come, so that a worker finds it gone; it must not stand in the way.
        if (fetched != id)
            fetched = FetchAndRemove(Queue);
        Assert.Equal(id, fetched);
    }

    [Fact]
    public void RemoveFromQueue_IsForever()
    {
        Enqueue(Queue);

        using (var fetched = Fetch(Queue))
        {
            fetched.RemoveFromQueue();
            fetched.Dispose();
        }

        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void Requeue_GivesTheJobBackOnce()
    {
        var id = Enqueue(Queue);

        using (var fetched = Fetch(Queue))
            fetched.Requeue();

        Assert.Equal(id, FetchAndRemove(Queue));
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void Dispose_GivesTheJobBackOnce_WhenNeitherRemovedNorRequeued()
    {
        var id = Enqueue(Queue);

        var fetched = Fetch(Queue);
        fetched.Dispose();
        fetched.Dispose();

        if (!Differs(Difference.UnfinishedFetchesAreLost))
            Assert.Equal(id, FetchAndRemove(Queue));
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void FetchNextJob_GivesAJobToOneOnly()
    {
        string[] ids = [Enqueue(Queue), Enqueue(Queue)];

        using var first = Fetch(Queue);
        using var second = Fetch(Connect(), Queue);

        Assert.Equal(ids, new[] { first.JobId, second.JobId }.OrderBy(long.Parse));
        first.RemoveFromQueue();
        second.RemoveFromQueue();
    }

    [Fact]
    public void Reads_SeeWhatChanged_AlsoWhenAJobIsFetchedAfterwards()
    {
        var ids = Enqueue(Queue, 4);
        using var first = Fetch(Queue);

        // A storage may have taken the other jobs along with the first one.
        Connection.SetJobParameter(ids[1], "Name", "new");
        Commit(transaction => transaction.SetJobState(ids[1], new DeletedState()));

        using var second = Fetch(Queue);
        Assert.Equal(ids[1], second.JobId);
        Assert.Equal(DeletedState.StateName, Connection.GetJobData(ids[1]).State);
        Assert.Equal(DeletedState.StateName, Connection.GetStateData(ids[1]).Name);
        Assert.Equal("new", Connection.GetJobParameter(ids[1], "Name"));
    }

    [Fact]
    public void TransactionRemoveFromQueue_IsForever_WhenCommitted()
    {
        var id = Enqueue(Queue);
        using (var fetched = Fetch(Queue))
        {
            if (LacksTransactionalRemove(fetched))
                return;
            Commit(transaction =>
            {
                transaction.SetJobState(id, new DeletedState());
                transaction.RemoveFromQueue(fetched);
            });
        }

        Assert.Equal(DeletedState.StateName, Connection.GetStateData(id).Name);
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void TransactionRemoveFromQueue_DoesNothing_WhenNotCommitted()
    {
        var id = Enqueue(Queue);
        using (var fetched = Fetch(Queue))
        {
            if (LacksTransactionalRemove(fetched))
                return;
            using (var transaction = (JobStorageTransaction)Connection.CreateWriteTransaction())
                transaction.RemoveFromQueue(fetched);
            fetched.Requeue();
        }

        Assert.Equal(id, FetchAndRemove(Queue));
        AssertQueueIsEmpty(Queue);
    }

    private bool LacksTransactionalRemove(IFetchedJob fetched)
    {
        var lacks = Lacks(TransactionalAcknowledge, () => Begin().RemoveFromQueue(fetched));
        Assert.Equal(Announces(TransactionalAcknowledge), Storage.HasFeature(Features.Transaction.RemoveFromQueue(fetched.GetType())));
        return lacks;
    }
}
