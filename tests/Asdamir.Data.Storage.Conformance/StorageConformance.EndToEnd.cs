using System.Linq.Expressions;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Conformance;

/// <summary>Hangfire's own server and clients on the storage.</summary>
public abstract partial class StorageConformance
{
    private BackgroundJobClient Client => new(Storage);

    [Fact]
    public async Task Server_RunsAnEnqueuedJob()
    {
        StartServer(Queue);

        var id = Create(() => Work.Do(Key));

        await UntilStateAsync(id, SucceededState.StateName);
        Assert.Equal(1, Work.AttemptsOf(Key));
        Assert.Equal([SucceededState.StateName, ProcessingState.StateName, EnqueuedState.StateName], StatesOf(id));
        AssertNow(Monitoring.JobDetails(id).ExpireAt, TimeSpan.FromDays(1));
        AssertQueueIsEmpty(OtherQueue);
        await UntilQueueIsEmptyAsync();
    }

    [Fact]
    public async Task Server_RunsADelayedJob_WhenItIsDue()
    {
        // Hangfire rounds the time down to a second.
        var due = DateTime.UtcNow.AddSeconds(1);
        var id = Client.Schedule(Queue, () => Work.Do(Key), TimeSpan.FromSeconds(2));
        Assert.Equal(ScheduledState.StateName, Connection.GetJobData(id).State);

        StartServer(Queue);

        await UntilStateAsync(id, SucceededState.StateName);
        Assert.True(Monitoring.JobDetails(id).History.Single(state => state.StateName == ProcessingState.StateName).CreatedAt >= due);
        Assert.Equal(1, Work.AttemptsOf(Key));
        Assert.DoesNotContain(Connection.GetAllItemsFromSet("schedule"), item => item.EndsWith(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_RunsContinuations_AlsoThoseAddedWhileTheParentEnds()
    {
        StartServer(Queue);
        var continuations = new List<string>();

        for (var i = 0; i < 8; i++)
        {
            var parent = Create(() => Work.Do(OtherKey));
            continuations.Add(Client.ContinueJobWith(parent, () => Work.Do(Key), new EnqueuedState(Queue)));
        }

        foreach (var id in continuations)
            await UntilStateAsync(id, SucceededState.StateName);
        Assert.Equal(8, Work.AttemptsOf(Key));
    }

    [Fact]
    public async Task Server_RetriesAFailedJob()
    {
        StartServer(Queue);

        var id = Create(() => Work.FailTwice(Key));

        await UntilStateAsync(id, SucceededState.StateName);
        Assert.Equal(3, Work.AttemptsOf(Key));
        Assert.Equal("2", Connection.GetJobParameter(id, "RetryCount"));
        Assert.Equal(2, StatesOf(id).Count(state => state == FailedState.StateName));
    }

    [Fact]
    public async Task Server_LeavesAJobFailed_WhenItsAttemptsAreUsed_AndRequeueRunsItAgain()
    {
        StartServer(Queue);
        var id = Create(() => Work.FailAlways(Key));
        await UntilStateAsync(id, FailedState.StateName, runs: 2);
        Assert.Null(Monitoring.JobDetails(id).ExpireAt);

        Assert.True(Client.Requeue(id));

        await UntilStateAsync(id, FailedState.StateName, runs: 3);
        await UntilQueueIsEmptyAsync();
    }

    [Fact]
    public async Task Requeue_RunsASucceededJobAgain()
    {
        StartServer(Queue);
        var id = Create(() => Work.Do(Key));
        await UntilStateAsync(id, SucceededState.StateName, runs: 1);

        Assert.True(Client.Requeue(id));

        await UntilStateAsync(id, SucceededState.StateName, runs: 2);
    }

    [Fact]
    public async Task Delete_CancelsARunningJob()
    {
        StartServer(Queue);
        var id = Create(() => Work.UntilCancelledAsync(Key, CancellationToken.None));
        await UntilStateAsync(id, ProcessingState.StateName, runs: 1);

        Assert.True(Client.Delete(id));

        await UntilQueueIsEmptyAsync();
        Assert.Equal([DeletedState.StateName, ProcessingState.StateName, EnqueuedState.StateName], StatesOf(id));
        AssertNow(Monitoring.JobDetails(id).ExpireAt, TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task Delete_KeepsAnEnqueuedJobFromRunning()
    {
        var id = Create(() => Work.Do(Key));
        Assert.True(Client.Delete(id));

        StartServer(Queue);

        await UntilQueueIsEmptyAsync();
        Assert.Equal(0, Work.AttemptsOf(Key));
        Assert.Equal(DeletedState.StateName, Connection.GetJobData(id).State);
    }

    [Fact]
    public async Task Server_GivesAJobBack_WhenItStops()
    {
        string id;
        using (StartServer(Queue))
        {
            id = Create(() => Work.UntilCancelledAsync(Key, CancellationToken.None));
            await UntilStateAsync(id, ProcessingState.StateName, runs: 1);
        }

        Assert.Equal(id, FetchAndRemove(Queue));
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public async Task RecurringJob_RunsOnceASecond_HoweverManyServers()
    {
        var manager = new RecurringJobManager(Storage);
        StartServer(Queue);
        StartServer(Queue);
        var start = DateTime.UtcNow;

        manager.AddOrUpdate(Key, Job.FromExpression(() => Work.Do(Key), Queue), "* * * * * *");
        await Until.TrueAsync(() => Work.AttemptsOf(Key) >= 4, "it ran four times", () => $"{Work.AttemptsOf(Key)} times");
        manager.RemoveIfExists(Key);

        Assert.InRange(Work.AttemptsOf(Key), 4, (int)(DateTime.UtcNow - start).TotalSeconds + 2);
        Assert.DoesNotContain(Connection.GetRecurringJobs(), job => job.Id == Key);
    }

    [Fact]
    public async Task RecurringJob_RunsWhenTriggered_AndShowsItsLastJob()
    {
        var manager = new RecurringJobManager(Storage);
        manager.AddOrUpdate(Key, Job.FromExpression(() => Work.Do(Key), Queue), Cron.Yearly());
        StartServer(Queue);

        manager.Trigger(Key);

        await Until.TrueAsync(() => Work.AttemptsOf(Key) == 1, "it ran");
        var recurring = Connection.GetRecurringJobs([Key]).Single();
        await UntilStateAsync(recurring.LastJobId, SucceededState.StateName);
        Assert.Equal(Queue, recurring.Job.Queue);
        AssertNow(recurring.CreatedAt);
        Assert.Equal(nameof(Work.Do), recurring.Job.Method.Name);
        manager.RemoveIfExists(Key);
    }

    // The queue is the job's own, so that Hangfire also retries and requeues there.
    private string Create(Expression<Action> call) => Create(Client, call);

    private string Create(BackgroundJobClient client, Expression<Action> call) =>
        client.Create(Job.FromExpression(call, Queue), new EnqueuedState(Queue));

    private string Create(Expression<Func<Task>> call) => Client.Create(Job.FromExpression(call, Queue), new EnqueuedState(Queue));

    private BackgroundJobServer StartServer(params string[] queues) => StartServer(4, queues);

    private BackgroundJobServer StartServer(int workers, params string[] queues) => StartServer(Storage, workers, queues);

    private BackgroundJobServer StartServer(JobStorage storage, int workers, params string[] queues) => Closing(new BackgroundJobServer(
        new BackgroundJobServerOptions
        {
            Queues = queues,
            WorkerCount = workers,
            SchedulePollingInterval = TimeSpan.FromMilliseconds(200),
            CancellationCheckInterval = TimeSpan.FromMilliseconds(200),
            HeartbeatInterval = TimeSpan.FromSeconds(1),
        },
        storage));

    private IEnumerable<string> StatesOf(string id) => Monitoring.JobDetails(id).History.Select(state => state.StateName);

    private Task UntilStateAsync(string id, string state, int? runs = null) => Until.TrueAsync(
        () => Connection.GetJobData(id)?.State == state && (runs is null || Work.AttemptsOf(Key) == runs),
        runs is null ? $"job {id} is {state}" : $"job {id} is {state} after {runs} attempts",
        () => $"it was executed {Work.AttemptsOf(Key)} times, newest first: {string.Join(", ", StatesOf(id))}");

    private Task UntilQueueIsEmptyAsync() => Until.TrueAsync(
        () => Monitoring.EnqueuedCount(Queue) + Monitoring.FetchedCount(Queue) == 0,
        "the queue is empty",
        () => $"{Monitoring.EnqueuedCount(Queue)} are enqueued, {Monitoring.FetchedCount(Queue)} fetched");
}
