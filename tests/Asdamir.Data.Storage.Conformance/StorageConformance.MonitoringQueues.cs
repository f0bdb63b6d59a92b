using Hangfire.States;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void EnqueuedJobs_PagesInTheOrderOfTheQueue()
    {
        var ids = Enqueue(Queue, 4);
        Enqueue(OtherQueue);

        Assert.Equal(4, Monitoring.EnqueuedCount(Queue));
        Assert.Equal(ids, Ids(Monitoring.EnqueuedJobs(Queue, 0, 10)));
        Assert.Equal(ids[1..3], Ids(Monitoring.EnqueuedJobs(Queue, 1, 2)));
        Assert.Equal(ids[3..], Ids(Monitoring.EnqueuedJobs(Queue, 3, 2)));
        Assert.Empty(Monitoring.EnqueuedJobs(Queue, 4, 2));
        var job = Monitoring.EnqueuedJobs(Queue, 0, 1).Single().Value;
        Assert.Equal(EnqueuedState.StateName, job.State);
        Assert.True(job.InEnqueuedState);
        AssertNow(job.EnqueuedAt);
        AssertJob(job.Job, job.InvocationData, job.StateData, "Queue");
    }

    [Fact]
    public void EnqueuedJobs_ShowsJobsInAnotherState()
    {
        var id = Enqueue(Queue);
        Commit(transaction => transaction.SetJobState(id, new DeletedState()));

        var job = Monitoring.EnqueuedJobs(Queue, 0, 10).Single().Value;

        Assert.Equal(DeletedState.StateName, job.State);
        Assert.Null(job.EnqueuedAt);
        Assert.Equal(Differs(Difference.JobsAreReadWithoutDetails), job.InEnqueuedState);
    }

    [Fact]
    public void EnqueuedJobs_ShowsJobsThatAreGone()
    {
        const string Gone = "9223372036854775806";
        var id = Enqueue(Queue);
        Commit(transaction => transaction.AddToQueue(Queue, Gone));

        var jobs = Monitoring.EnqueuedJobs(Queue, 0, 10);
        var queue = Monitoring.Queues().Single(queue => queue.Name == Queue);

        Assert.Equal(2, Monitoring.EnqueuedCount(Queue));
        Assert.Equal(2, queue.Length);
        if (Differs(Difference.GoneJobsAreCountedOnly))
        {
            Assert.Equal([id], Ids(jobs));
            return;
        }
        Assert.Equal([id, Gone], Ids(jobs));
        Assert.Equal([id, Gone], Ids(queue.FirstJobs));
        Assert.Equal([Gone], Ids(Monitoring.EnqueuedJobs(Queue, 1, 1)));
        Assert.False(jobs[1].Value.InEnqueuedState);
        Assert.Null(jobs[1].Value.Job);
        Assert.Null(jobs[1].Value.State);
        Assert.Null(jobs[1].Value.EnqueuedAt);
    }

    [Fact]
    public void FetchedJobs_ShowsJobsThatAreGone()
    {
        const string Gone = "9223372036854775806";
        Commit(transaction => transaction.AddToQueue(Queue, Gone));
        using var fetched = Fetch(Queue);
        Assert.Equal(Gone, fetched.JobId);

        if (Differs(Difference.FetchedJobsAreNotTracked))
        {
            Assert.Equal(0, Monitoring.FetchedCount(Queue));
            return;
        }
        Assert.Equal(1, Monitoring.FetchedCount(Queue));
        Assert.Equal(Differs(Difference.GoneJobsAreCountedOnly) ? [] : [Gone], Ids(Monitoring.FetchedJobs(Queue, 0, 10)));
    }

    [Fact]
    public void Statistics_CountEnqueuedJobs_AndNoOtherEntriesOfQueues()
    {
        UseEmptyStorage();
        Enqueue(Queue, 3);
        var deleted = Enqueue(Queue);
        Commit(transaction =>
        {
            transaction.SetJobState(deleted, new DeletedState());
            transaction.AddToQueue(Queue, "9223372036854775806");
        });
        using var fetched = Fetch(Queue);

        Assert.Equal(3, Monitoring.GetStatistics().Enqueued);
        Assert.Equal(4, Monitoring.EnqueuedCount(Queue));
    }

    [Fact]
    public void EnqueuedJobs_KnowsTheStateInAnyCase()
    {
        var id = CreateJob(new SampleState("ENQUEUED", null, []));
        Commit(transaction => transaction.AddToQueue(Queue, id));

        var job = Monitoring.EnqueuedJobs(Queue, 0, 10).Single().Value;

        Assert.Equal("ENQUEUED", job.State);
        Assert.True(job.InEnqueuedState);
        if (Differs(Difference.JobsAreReadWithoutDetails))
            Assert.Null(job.EnqueuedAt);
        else
            AssertNow(job.EnqueuedAt);
    }

    [Fact]
    public void Queue_IsRefused_WhenNull()
    {
        Assert.Throws<ArgumentNullException>(() => Monitoring.EnqueuedJobs(null, 0, 10));
        Assert.Throws<ArgumentNullException>(() => Monitoring.FetchedJobs(null, 0, 10));
        Assert.Throws<ArgumentNullException>(() => Monitoring.EnqueuedCount(null));
        Assert.Throws<ArgumentNullException>(() => Monitoring.FetchedCount(null));
    }

    [Fact]
    public void Queue_IsEmpty_WhenUnknown()
    {
        Assert.Empty(Monitoring.EnqueuedJobs(Queue, 0, 10));
        Assert.Empty(Monitoring.FetchedJobs(Queue, 0, 10));
        Assert.Equal(0, Monitoring.EnqueuedCount(Queue));
        Assert.Equal(0, Monitoring.FetchedCount(Queue));
    }

    [Fact]
    public void FetchedJobs_PagesThoseOnWorkers_AndEnqueuedJobsTheOthers()
    {
        var ids = Enqueue(Queue, 5);
        var fetched = ids[..3].Select(_ => Fetch(Queue)).ToArray();
        Commit(transaction => transaction.SetJobState(ids[0], Processing("server")));

        Assert.Equal(ids[3..], Ids(Monitoring.EnqueuedJobs(Queue, 0, 10)));
        Assert.Equal(2, Monitoring.EnqueuedCount(Queue));
        if (Differs(Difference.FetchedJobsAreNotTracked))
        {
            Assert.Empty(Monitoring.FetchedJobs(Queue, 0, 10));
            Assert.Equal(0, Monitoring.FetchedCount(Queue));
            return;
        }
        Assert.Equal(3, Monitoring.FetchedCount(Queue));
        Assert.Equal(ids[..3], Ids(Monitoring.FetchedJobs(Queue, 0, 10)));
        Assert.Equal(ids[1..3], Ids(Monitoring.FetchedJobs(Queue, 1, 2)));
        var job = Monitoring.FetchedJobs(Queue, 0, 1).Single().Value;
        Assert.Equal(ProcessingState.StateName, job.State);
        Assert.Equal(["some text"], job.Job.Args);
        AssertNow(job.FetchedAt);

        Array.ForEach(fetched, job => job.RemoveFromQueue());
        Assert.Equal(0, Monitoring.FetchedCount(Queue));
    }

    [Fact]
    public void Queues_ShowsEachByName_WithItsFirstFiveJobs()
    {
        UseEmptyStorage();
        Assert.Empty(Monitoring.Queues());
        var hr = Enqueue("hr", 1);
        var crm = Enqueue("crm", 7);
        using var fetched = Fetch("crm");

        var queues = Monitoring.Queues();

        Assert.Equal(["crm", "hr"], queues.Select(queue => queue.Name));
        Assert.Equal([6, 1], queues.Select(queue => queue.Length));
        Assert.Equal(Differs(Difference.FetchedJobsAreNotTracked) ? [0, 0] : [1L, 0L], queues.Select(queue => queue.Fetched ?? 0));
        Assert.Equal(crm[1..6], Ids(queues[0].FirstJobs));
        Assert.Equal(hr, Ids(queues[1].FirstJobs));
        var job = queues[1].FirstJobs.Single().Value;
        Assert.Equal(EnqueuedState.StateName, job.State);
        AssertNow(job.EnqueuedAt);
        AssertJob(job.Job, job.InvocationData, job.StateData, "Queue");
        Assert.Equal(2, Monitoring.GetStatistics().Queues);
        fetched.RemoveFromQueue();
    }

    [Fact]
    public void Queues_DropsAQueue_WhenItIsEmpty()
    {
        UseEmptyStorage();
        Enqueue("crm");

        FetchAndRemove("crm");

        if (Differs(Difference.EmptyQueuesStay))
            Assert.Equal(0, Assert.Single(Monitoring.Queues()).Length);
        else
            Assert.Empty(Monitoring.Queues());
        Assert.Equal(Monitoring.Queues().Count, Monitoring.GetStatistics().Queues);
    }
}
