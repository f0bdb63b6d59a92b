using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class JobSearchOnPostgreSql() : JobSearchTests(static place => OnPostgreSql(place));

public sealed class JobSearchOnSqlite() : JobSearchTests(static place => OnSqlite(place));

public abstract class JobSearchTests(Func<Place, SqlJobStorage> open) : SearchStorageTests(open)
{
    private const string Name = $"{nameof(SampleJobs)}.{nameof(SampleJobs.Take)}";

    [Theory]
    [InlineData("Enqueued")]
    [InlineData("Scheduled")]
    [InlineData("Failed")]
    [InlineData("Succeeded")]
    [InlineData("Deleted")]
    [InlineData("Awaiting")]
    [InlineData("Processing")]
    public void Find_ListsExactlyTheJobsOfAState_NewestFirst_OverSeveralPages(string state)
    {
        var expected = Enumerable.Range(0, 7).Select(_ => Create("crm", "text", state)).Reverse().ToList();
        foreach (var other in new[] { "Enqueued", "Scheduled", "Failed", "Succeeded" }.Where(other => other != state))
            Create("crm", "other", other);

        var found = AllPages(new JobQuery { State = state, Size = 3 });

        Assert.Equal(expected, found.Select(run => run.Id));
        Assert.All(found, run => Assert.Equal((state, "crm", Name), (run.State, run.Queue, run.Name)));
        Assert.Equal(7, Storage.Count(new JobQuery { State = state }, 100));
        Assert.Equal(5, Storage.Count(new JobQuery { State = state }, 5));
    }

    [Fact]
    public void Find_MergesAllStatesByTime_OverSeveralPages()
    {
        string[] states =
        [
            "Failed", "Enqueued", "Succeeded", "Scheduled", "Enqueued", "Deleted", "Processing", "Awaiting", "Enqueued", "Failed"
        ];
        var expected = states.Select(state => Create("crm", "text", state)).Reverse().ToList();

        var found = AllPages(new JobQuery { Size = 3 });

        Assert.Equal(expected, found.Select(run => run.Id));
        Assert.Equal(states.Reverse(), found.Select(run => run.State));
        Assert.Equal(10, Storage.Count(new JobQuery(), 1_000));
    }

    [Fact]
    public void Find_ListsAJobOnce_WhenItIsRequeuedBetweenTheReads()
    {
        var failed = Create("crm", "text", "Failed");
        // More than are read at once.
        foreach (var _ in Enumerable.Range(0, 301))
            Create("crm", "text", "Enqueued");
        var hasMoved = false;

        var page = Storage.Find(new JobQuery { OldestFirst = true, Size = 1_000, Accepts = Requeue });

        Assert.True(hasMoved);
        Assert.Equal((failed, "Failed"), Assert.Single(page.Jobs.Where(job => job.Id == failed).Select(static job => (job.Id, job.State))));
        Assert.Equal(302, page.Jobs.Count);
        Assert.Equal("Enqueued", Storage.Find(new JobQuery { Size = 1_000 }).Jobs.Single(job => job.Id == failed).State);

        bool Requeue(JobListItem item)
        {
            if (!hasMoved)
                Assert.True(Client.ChangeState(failed, new EnqueuedState("crm")));
            hasMoved = true;
            return true;
        }
    }

    [Theory]
    [InlineData("Enqueued")]
    [InlineData("Failed")]
    public void Find_FiltersByQueueNameAndTime(string state)
    {
        Create("crm", "text", state);
        var between = DateTime.UtcNow;
        var hr = Create("hr", "text", state);
        using (var connection = Storage.GetConnection())
            Assert.NotNull(connection.GetJobData(hr));

        Assert.Equal([hr], Ids(new JobQuery { State = state, Queue = "hr" }));
        Assert.Equal([hr], Ids(new JobQuery { State = state, From = between }));
        Assert.Equal(1, Storage.Count(new JobQuery { State = state, To = between }, 10));
        Assert.Equal(2, Ids(new JobQuery { State = state, Name = Name }).Count);
        Assert.Empty(Ids(new JobQuery { State = state, Name = "Other.Name" }));
        Assert.Empty(Ids(new JobQuery { State = state, Queue = "HR" }));
    }

    [Theory]
    [InlineData("invoice 4711", "INVOICE 4711", true)]
    [InlineData("100% sure", "0% s", true)]
    [InlineData("100 percent", "0% s", false)]
    [InlineData("a_b", "A_B", true)]
    [InlineData("axb", "a_b", false)]
    [InlineData("it's", "'", true)]
    [InlineData("say \"hi\" now", "\"hi\"", true)]
    [InlineData("C:\\temp\\x", "p\\x", true)]
    public void Find_LooksForTextInArguments_AsItIsWritten(string argument, string text, bool found)
    {
        var id = Create("crm", argument, "Failed");

        Assert.Equal(found ? [id] : [], Ids(new JobQuery { State = "Failed", Text = text }));
        Assert.Equal(found ? 1 : 0, Storage.Count(new JobQuery { Text = text }, 10));
    }

    [Fact]
    public void Find_LooksForTextInExceptions()
    {
        var id = Client.Create(SampleJobs.Text("x"), new FailedState(new InvalidOperationException("The remote system is busy")));

        Assert.Equal([id], Ids(new JobQuery { Text = "remote SYSTEM" }));
    }

    [Fact]
    public void Find_LooksForTextWithQuotesInExceptions()
    {
        var id = Client.Create(SampleJobs.Text("x"), new FailedState(new InvalidOperationException("no \"order\" 7")));

        Assert.Equal([id], Ids(new JobQuery { State = "Failed", Text = "\"Order\"" }));
    }

    [Fact]
    public void Find_PutsTheJobOfAnIdFirst_HoweverOldItIs()
    {
        var old = Create("crm", "x", "Failed");
        CreateMany(12_000, "Failed");

        Assert.Equal(old, Storage.Find(new JobQuery { Text = old }).Jobs[0].Id);
        Assert.DoesNotContain(old, Ids(new JobQuery { Text = old, State = "Succeeded" }));
    }

    [Fact]
    public void Find_LeavesOutRunsThatWereDeletedWhileTheyWaited_AndStillFillsItsPages()
    {
        var all = Enumerable.Range(0, 30).Select(_ => Create("crm", "x", "Enqueued")).ToList();
        foreach (var id in all.Where((_, i) => i % 2 == 0))
            Assert.True(Client.Delete(id));
        var expected = all.Where((_, i) => i % 2 == 1).Reverse().ToList();

        Assert.Equal(expected, AllPages(new JobQuery { State = "Enqueued", Size = 4 }).Select(run => run.Id));
        Assert.Equal(15, Storage.Count(new JobQuery { State = "Enqueued" }, 100));
    }

    [Fact]
    public void Find_ShowsADueJobThatWaitsInItsQueue_AsEnqueued()
    {
        var id = Client.Create(SampleJobs.Text("x", "crm"), new ScheduledState(TimeSpan.FromHours(-1)));
        using (var connection = Storage.GetConnection())
        {
            using var transaction = connection.CreateWriteTransaction();
            transaction.RemoveFromSet("schedule", $"crm:{id}");
            transaction.AddToQueue("crm", id);
            transaction.Commit();
        }

        Assert.Equal([id], Ids(new JobQuery { State = "Enqueued", Queue = "crm" }));
    }

    [Fact]
    public void Find_Continues_WhereAnEarlierPageCouldNotLookFurther()
    {
        var wanted = Create("crm", "needle", "Failed");
        CreateMany(12_000, "Failed");

        var first = Storage.Find(new JobQuery { State = "Failed", Text = "needle" });
        var second = Storage.Find(new JobQuery { State = "Failed", Text = "needle", After = first.Next });

        Assert.Equal((0, true), (first.Jobs.Count, first.IsPartial));
        Assert.Equal(wanted, Assert.Single(second.Jobs).Id);
        Assert.False(second.IsPartial);
    }

    [Theory]
    [InlineData("Enqueued")]
    [InlineData("Failed")]
    public void Find_ListsTheOldestFirst_WhenAskedTo_OverSeveralPages(string state)
    {
        var expected = Enumerable.Range(0, 7).Select(_ => Create("crm", "text", state)).ToList();

        Assert.Equal(expected, AllPages(new JobQuery { State = state, OldestFirst = true, Size = 2 }).Select(run => run.Id));
        Assert.Equal(expected, AllPages(new JobQuery { OldestFirst = true, Size = 3 }).Select(run => run.Id));
    }

    [Fact]
    public void Find_SaysWhenAJobWasBegun()
    {
        var waiting = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        var before = Assert.Single(Storage.Find(new JobQuery()).Jobs);
        Assert.Null(before.StartedAt);

        Work("default", new SucceededState(null, 1, 1));

        var run = Assert.Single(Storage.Find(new JobQuery { State = "Succeeded" }).Jobs);
        Assert.Equal(waiting, run.Id);
        Assert.InRange(Assert.NotNull(run.StartedAt), before.StateAt, run.StateAt);
    }

    [Fact]
    public void Queues_ShowsDepthOldestAndClaimed_OfEach()
    {
        Create("hr", "x", "Enqueued");
        var before = DateTime.UtcNow;
        Create("crm", "x", "Enqueued");
        Create("crm", "x", "Enqueued");
        using var connection = Storage.GetConnection();
        using var limit = new CancellationTokenSource(Until.Limit);
        using var fetched = connection.FetchNextJob(["hr"], limit.Token);

        var queues = Storage.Queues();

        Assert.Equal([("crm", 2, 0), ("hr", 0, 1)], queues.Select(queue => (queue.Name, queue.Waiting, queue.Claimed)));
        Assert.InRange(queues[0].OldestAt!.Value, before.AddMilliseconds(-1), DateTime.UtcNow);
        Assert.Null(queues[1].OldestAt);
    }

    [Fact]
    public void TopFailures_CountsByJobAndQueue_TheMostFirst_SinceATime()
    {
        Create("hr", "x", "Failed");
        Create("crm", "x", "Failed");
        var last = Create("crm", "x", "Failed");
        Create("crm", "x", "Succeeded");

        var all = Storage.TopFailures(null, DateTime.UtcNow.AddHours(-1), 10);

        Assert.Equal([("crm", 2), ("hr", 1)], all.Select(job => (job.Queue, job.Count)));
        Assert.Equal((Name, last), (all[0].Name, all[0].LastId));
        Assert.Equal(1, Assert.Single(Storage.TopFailures("hr", DateTime.UtcNow.AddHours(-1), 10)).Count);
        Assert.Empty(Storage.TopFailures(null, DateTime.UtcNow.AddHours(1), 10));
        Assert.Throws<ArgumentException>(() => Storage.TopFailures(null, DateTime.UtcNow, 0));
    }

    [Fact]
    public void FailureGroups_CountByJobQueueAndKindOfError_TheMostFirst_SinceATime()
    {
        var first = Fail("crm", new TimeoutException("Order 1 timed out"));
        var last = Fail("crm", new TimeoutException("Order 22 timed out"));
        Fail("crm", new TimeoutException("The server is gone"));
        Fail("hr", new TimeoutException("Order 3 timed out"));
        Create("crm", "x", "Succeeded");

        var all = Storage.FailureGroups(null, DateTime.UtcNow.AddHours(-1), 10);

        Assert.Equal((4, false), (all.Read, all.IsPartial));
        Assert.Equal([2, 1, 1], all.Groups.Select(static group => group.Count));
        var group = all.Groups[0];
        Assert.Equal((Name, "crm", last), (group.Name, group.Queue, group.LastId));
        Assert.Equal((typeof(TimeoutException).FullName, "Order 22 timed out"), (group.ErrorType, group.ErrorMessage));
        Assert.True(group.FirstAt < group.LastAt);
        Assert.Equal([last, first], Ids(new JobQuery { State = "Failed", Queue = "crm", Fingerprint = group.Fingerprint }));
        Assert.Equal(3, Storage.Count(new JobQuery { Fingerprint = group.Fingerprint }, 10));
        Assert.Empty(Ids(new JobQuery { State = "Succeeded", Fingerprint = group.Fingerprint }));
        Assert.Equal(3, Storage.FailureGroups("crm", DateTime.UtcNow.AddHours(-1), 10).Read);
        Assert.Empty(Storage.FailureGroups(null, DateTime.UtcNow.AddHours(1), 10).Groups);
        Assert.Throws<ArgumentException>(() => Storage.FailureGroups(null, DateTime.UtcNow, 101));
    }

    [Fact]
    public void FailureGroups_LeaveAJobOut_WhenItIsNoLongerFailed()
    {
        var requeued = Fail("crm", new TimeoutException("late"));
        var failed = Fail("crm", new TimeoutException("late"));
        var fingerprint = Assert.Single(Storage.FailureGroups(null, DateTime.UnixEpoch, 10).Groups).Fingerprint;

        Assert.True(Client.ChangeState(requeued, new EnqueuedState("crm")));

        Assert.Equal(1, Assert.Single(Storage.FailureGroups(null, DateTime.UnixEpoch, 10).Groups).Count);
        Assert.Equal([failed], Ids(new JobQuery { Fingerprint = fingerprint }));
    }

    [Fact]
    public void Find_ListsRetries_ApartFromOtherScheduledJobs()
    {
        var retried = Create("crm", "x", "Enqueued");
        Assert.True(Client.ChangeState(retried, new RetriedState()));
        Create("crm", "x", "Scheduled");
        Create("crm", "x", "Failed");

        var found = Assert.Single(Storage.Find(new JobQuery { State = "Scheduled", Retries = true }).Jobs);

        Assert.Equal(retried, found.Id);
        Assert.Equal(ErrorFingerprint.Of("Busy", "no", null), found.StateData[ErrorFingerprint.Field]);
        Assert.Equal(1, Storage.Count(new JobQuery { Retries = true }, 10));
        Assert.Equal(2, Storage.Count(new JobQuery { State = "Scheduled" }, 10));

        Assert.True(Client.ChangeState(retried, new ScheduledState(TimeSpan.FromHours(1))));
        Assert.Empty(Ids(new JobQuery { Retries = true }));
    }

    private string Fail(string queue, Exception exception)
    {
        var id = Create(queue, "x", "Enqueued");
        Assert.True(Client.ChangeState(id, new FailedState(exception)));
        return id;
    }

    /// <summary>A delay that keeps an exception.</summary>
    private sealed class RetriedState() : ScheduledState(TimeSpan.FromHours(1)), IState
    {
        Dictionary<string, string> IState.SerializeData() =>
            new(SerializeData()) { ["ExceptionType"] = "Busy", ["ExceptionMessage"] = "no" };
    }

    [Theory]
    [InlineData("'; DROP TABLE job; --")]
    [InlineData("Nothing")]
    [InlineData("\0")]
    [InlineData("\ud800")]
    public void Find_FindsNothing_ForHostileOrUnknownValues(string value)
    {
        Create("crm", "text", "Failed");

        Assert.Empty(Ids(new JobQuery { State = value }));
        Assert.Empty(Ids(new JobQuery { Queue = value }));
        Assert.Empty(Ids(new JobQuery { Name = value }));
        Assert.Empty(Ids(new JobQuery { Text = value }));
        Assert.Empty(Ids(new JobQuery { Fingerprint = value }));
    }

    [Theory]
    [InlineData(0, null, "Size = 0")]
    [InlineData(1_001, null, "Size = 1001")]
    [InlineData(10, "abc", "After = 'abc'")]
    [InlineData(10, "1.2", "After = '1.2'")]
    [InlineData(10, "1.2.99999999999999999999", "After = '1.2.99999999999999999999'")]
    public void Find_RefusesABadPage_NamingIt(int size, string? after, string named)
    {
        var error = Assert.Throws<ArgumentException>(() => Storage.Find(new JobQuery { Size = size, After = after }));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("Fix:", error.Message, StringComparison.Ordinal);
    }
}
