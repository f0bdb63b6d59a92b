using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class PriorityOnPostgreSql() : PriorityTests(static place => OnPostgreSql(place));

public sealed class PriorityOnSqlite() : PriorityTests(static place => OnSqlite(place));

/// <summary>In which order the jobs of a queue are claimed, and that a job keeps its place, whichever process moves it.</summary>
public abstract class PriorityTests(Func<Place, SqlJobStorage> open) : QueueOrderTests(open)
{
    [Fact]
    public async Task Claim_TakesTheLowestNumberFirst_AndOfEqualOnesTheOldest()
    {
        var jobs = new[] { 9, 5, 0, 7, 5, 0, 4 }.Select(priority => (Priority: priority, Id: Create(priority))).ToList();

        Assert.Equal(
            jobs.OrderBy(static job => job.Priority).Select(static job => job.Id),
            await ClaimAsync(jobs.Count));
    }

    [Fact]
    public async Task SmallClaims_TakeTheSameOrder()
    {
        var jobs = new[] { 6, 5, 2, 5, 2 }.Select(priority => (Priority: priority, Id: Create(priority))).ToList();

        List<string> claimed = [];
        foreach (var _ in jobs)
            claimed.AddRange(await ClaimAsync(1));

        Assert.Equal(jobs.OrderBy(static job => job.Priority).Select(static job => job.Id), claimed);
    }

    [Fact]
    public void WorkersOfHangfire_GetTheSameOrder()
    {
        var late = Create(8);
        var usual = Create(5);
        var urgent = Create(1);

        using var connection = (JobStorageConnection)Storage.GetConnection();
        List<string> fetched = [];
        for (var i = 0; i < 3; i++)
        {
            using var job = Fetch(connection);
            fetched.Add(job.JobId);
            job.RemoveFromQueue();
        }

        Assert.Equal([urgent, usual, late], fetched);
    }

    [Theory]
    [InlineData(6, 61, true)]
    [InlineData(6, 59, false)]
    [InlineData(9, 241, true)]
    [InlineData(9, 239, false)]
    public async Task JobThatWaits_GainsOneClass_AfterEachAgingTime(int priority, int minutes, bool comesFirst)
    {
        var waiting = Create(priority);
        Age(waiting, TimeSpan.FromMinutes(minutes));
        var usual = Create(5);
        string[] order = comesFirst ? [waiting, usual] : [usual, waiting];

        Assert.Equal(order, await ClaimAsync(2));
    }

    [Theory]
    [InlineData(4, 61, true)]
    [InlineData(4, 59, false)]
    public async Task JobOfDefaultPriority_GainsClasses_Too(int priority, int minutes, bool comesFirst)
    {
        var waiting = Create(5);
        Age(waiting, TimeSpan.FromMinutes(minutes));
        var urgent = Create(priority);
        string[] order = comesFirst ? [waiting, urgent] : [urgent, waiting];

        Assert.Equal(order, await ClaimAsync(2));
    }

    [Fact]
    public async Task RequeuedJob_KeepsItsPriority_WhicheverProcessRequeuesIt()
    {
        var job = Create(1);
        Assert.True(Client.Delete(job));
        // The row that it left in the queue.
        await ClaimAsync(1);
        var usual = Create(5);

        EnqueueByAnother(job);

        Assert.Equal([job, usual], await ClaimAsync(2));
    }

    [Fact]
    public async Task DelayedJob_HasItsPriority_WhenItIsDue()
    {
        var usual = Create(5);
        var job = Create(1, new ScheduledState(TimeSpan.FromMinutes(-1)));

        StartDelayed();

        Assert.Equal([job, usual], await ClaimAsync(2));
    }

    [Fact]
    public async Task RetriedJob_KeepsItsPriority()
    {
        var job = Create(1);
        Work("default", new ScheduledState(TimeSpan.FromMinutes(-1)));
        var usual = Create(5);

        StartDelayed();

        Assert.Equal([job, usual], await ClaimAsync(2));
    }

    [Fact]
    public async Task Continuation_HasItsPriority_WhicheverProcessStartsIt()
    {
        var usual = Create(5);
        var job = Create(1, new AwaitingState(usual));

        EnqueueByAnother(job);

        Assert.Equal([job, usual], await ClaimAsync(2));
    }

    [Fact]
    public async Task JobThatIsGivenBack_KeepsItsPlace()
    {
        var first = Create(1);
        using (var claims = Storage.OpenClaims(["default"], Server))
            Assert.Single(await claims.ClaimAsync(1, Token)).Dispose();
        var second = Create(1);
        var usual = Create(5);

        Assert.Equal([first, second, usual], await ClaimAsync(3));
    }

    [Fact]
    public async Task JobsOfALaterQueue_Wait_WhateverTheirPriority()
    {
        Create(0, new EnqueuedState("low"));
        var usual = Create(9, new EnqueuedState("high"));
        using var claims = Storage.OpenClaims(["high", "low"], Server);

        var jobs = await claims.ClaimAsync(1, Token);

        Assert.Equal([usual], jobs.Select(static job => job.JobId));
        foreach (var job in jobs)
            job.Dispose();
    }

    [Theory]
    [InlineData("\"0\"")]
    [InlineData("\"10/3600000\"")]
    [InlineData("\"-1/3600000\"")]
    [InlineData("\"1/0\"")]
    [InlineData("1")]
    [InlineData("")]
    public async Task ParameterOfOtherCode_ThatIsNoPriority_IsIgnored(string value)
    {
        var usual = Create(5);
        var strange = CreateWith(JobPriority.Parameter, value);

        Assert.Equal([usual, strange], await ClaimAsync(2));
        Assert.Equal(JobPriority.Default, JobPriority.Read(value));
    }

    [Fact]
    public void Lists_HaveJobsOfAllPriorities_InTheOrderOfTheirTimes()
    {
        string[] ids = [Create(9), Create(5), Create(0), Create(5)];

        var page = Storage.Find(new JobQuery { State = "Enqueued", Queue = "default", Size = 3, OldestFirst = true });
        var next = Storage.Find(
            new JobQuery { State = "Enqueued", Queue = "default", Size = 3, OldestFirst = true, After = page.Next });

        Assert.Equal(ids, page.Jobs.Concat(next.Jobs).Select(static job => job.Id));
        Assert.Equal([9, 5, 0, 5], page.Jobs.Concat(next.Jobs).Select(static job => job.Priority));
        Assert.Equal(ids, Storage.GetMonitoringApi().EnqueuedJobs("default", 0, 10).Select(static job => job.Key));
        Assert.Equal(("default", 4L), Storage.Queues().Select(static queue => (queue.Name, queue.Waiting)).Single());
        Assert.Equal(4, Storage.Count(new JobQuery { State = "Enqueued" }, 100));
    }

    [Fact]
    public void Queue_IsListed_WhenOnlyJobsWithATurnWaitInIt()
    {
        Create(0, new EnqueuedState("b"));
        Create(5, new EnqueuedState("a"));
        Create(9, new EnqueuedState("c"));

        Assert.Equal(["a", "b", "c"], Storage.Queues().Select(static queue => queue.Name));
        Assert.All(Storage.Queues(), static queue => Assert.NotNull(queue.OldestAt));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void Priority_OutOfRange_IsRefused(int priority)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => JobPriority.Of(priority, Aging));
        Assert.Throws<ArgumentOutOfRangeException>(() => JobPriority.Of(1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => JobPriority.Of(1, TimeSpan.FromDays(366)));
    }

    private string Create(int priority, IState? state = null) => Client.Create(
        SampleJobs.Text("x"), state ?? new EnqueuedState(),
        new Dictionary<string, object> { [JobPriority.Parameter] = JobPriority.Of(priority, Aging) });
}
