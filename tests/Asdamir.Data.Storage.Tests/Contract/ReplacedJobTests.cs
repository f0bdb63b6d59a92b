using System.Text.Json.Nodes;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class ReplacedJobOnPostgreSql() : ReplacedJobTests(static place => OnPostgreSql(place));

public sealed class ReplacedJobOnSqlite() : ReplacedJobTests(static place => OnSqlite(place));

/// <summary>A call that replaces the job that has its unique key.</summary>
public abstract class ReplacedJobTests(Func<Place, SqlJobStorage> open) : KeyedStorageTests(open)
{
    private static readonly TimeSpan Later = TimeSpan.FromHours(1);

    public static TheoryData<string, string> Changes()
    {
        TheoryData<string, string> changes = [];
        foreach (var from in new[] { "Enqueued", "Scheduled", "Due", "Awaiting" })
        {
            foreach (var to in new[] { "Enqueued", "Scheduled", "Awaiting" })
                changes.Add(from, to);
        }
        return changes;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void JobThatHasNotBegun_GetsArgumentsAndTime(string from, string to)
    {
        string[] parents =
        [
            .. Enumerable.Range(1, 2).Select(number => Client.Create(SampleJobs.Text($"{number}"), new ScheduledState(Later)))
        ];
        var first = Replace("a", "old", StateOf(from, parents[0]));
        if (from == "Due")
            MakeDue(first.Id);

        var second = Replace("a", "new", StateOf(to, parents[1]));

        Assert.Equal((first.Id, true), (second.Holder, second.HasReplaced));
        Assert.Equal(("new", to), (TextOf(first.Id), StateOf(first.Id)));
        Assert.Null(StateOf(second.Id));
        Assert.Equal(to == "Enqueued" ? 1 : 0, Rows.Count("{s}queue"));
        Assert.Equal(to == "Scheduled" ? 1 : 0, Rows.Count($"{{s}}set_item WHERE key = 'schedule' AND value LIKE '%{first.Id}'"));
        Assert.Equal(to == "Awaiting" ? 1 : 0, Rows.Count("{s}set_item WHERE key = 'awaiting'"));
        Assert.Equal(to == "Awaiting" ? 1 : 0, ChildrenOf(parents[1]).Count(id => id == first.Id));
        Assert.Equal(first.Id, Create("a").Holder);
        var history = Storage.GetMonitoringApi().JobDetails(first.Id).History;
        Assert.Contains("Replaced", history[0].Reason, StringComparison.Ordinal);
        Assert.Equal((2, to), (history.Count, history[0].StateName));
        if (to != "Enqueued")
            return;
        Work("default", WorkerState.Succeeded);
        Assert.Equal("Succeeded", StateOf(first.Id));
        Assert.Null(Create("a").Holder);
    }

    [Fact]
    public void JobThatWaitsForTheSameParent_IsInItsListOnce()
    {
        var parent = Client.Create(SampleJobs.Text("parent"), new ScheduledState(Later));
        var first = Replace("a", "old", new AwaitingState(parent));

        Replace("a", "new", new AwaitingState(parent, new EnqueuedState(), JobContinuationOptions.OnAnyFinishedState));

        Assert.Equal([first.Id], ChildrenOf(parent));
        Assert.Equal("new", TextOf(first.Id));
        using var connection = Storage.GetConnection();
        var list = connection.GetJobParameter(parent, "Continuations").Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("\"Options\":0", list, StringComparison.Ordinal);
    }

    [Fact]
    public void JobThatKeepsItsQueue_KeepsItsPlace()
    {
        var first = Replace("a", "old");
        Client.Create(SampleJobs.Text("other"), new EnqueuedState());

        Replace("a", "new");

        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(connection);
        Assert.Equal((first.Id, "new"), (fetched.JobId, (string)connection.GetJobData(fetched.JobId).Job.Args[0]));
    }

    [Fact]
    public void JobThatHasBegun_StaysAsItIs()
    {
        var first = Replace("a", "old");
        using (var connection = (JobStorageConnection)Storage.GetConnection())
        {
            using var fetched = Fetch(connection);
            CheckLeft("Enqueued");
            var changer = new BackgroundJobStateChanger(NoFilters);
            changer.ChangeState(new StateChangeContext(Storage, connection, fetched.JobId, WorkerState.Processing));
            CheckLeft("Processing");
            changer.ChangeState(new StateChangeContext(Storage, connection, fetched.JobId, new ScheduledState(Later)));
            fetched.RemoveFromQueue();
        }
        CheckLeft("Scheduled");
        Client.Requeue(first.Id);
        CheckLeft("Enqueued");

        void CheckLeft(string state)
        {
            var replacing = Replace("a", "new");
            Assert.Equal((first.Id, false), (replacing.Holder, replacing.HasReplaced));
            Assert.Equal(("old", state), (TextOf(first.Id), StateOf(first.Id)));
        }
    }

    [Fact]
    public void JobOfAnotherMethod_StaysAsItIs()
    {
        var first = Client.Create(SampleJobs.Several(1, default, "x"), new EnqueuedState(), Parameters("a", null));

        var second = Replace("a", "new");

        Assert.Equal((first, false), (second.Holder, second.HasReplaced));
    }

    [Fact]
    public void CallThatDoesNotReplace_ChangesNothing()
    {
        var first = Replace("a", "old");

        Assert.Equal(first.Id, Create("a", state: new ScheduledState(Later)).Holder);

        Assert.Equal(("old", "Enqueued"), (TextOf(first.Id), StateOf(first.Id)));
    }

    [Fact]
    public void JobsThatWaitForTheReplacedOne_KeepWaitingForIt()
    {
        var first = Replace("a", "old", new ScheduledState(Later));
        var continuations = new JobFilterCollection { new ContinuationsSupportAttribute() };
        var child = new BackgroundJobClient(Storage, continuations).Create(SampleJobs.Text("child"), new AwaitingState(first.Id));

        Assert.True(Replace("a", "new").HasReplaced);

        Assert.Equal([child], ChildrenOf(first.Id));
    }

    [Fact]
    public void IdempotencyKeyOfTheCall_BelongsToTheReplacedJob()
    {
        var first = Replace("a", "old", idempotency: "first");

        Assert.True(Replace("a", "new", idempotency: "second").HasReplaced);
        var again = Replace("a", "again", idempotency: "second");

        Assert.Equal((first.Id, false), (again.Holder, again.HasReplaced));
        Assert.Equal("new", TextOf(first.Id));
        Client.Delete(first.Id);
        Assert.Equal((first.Id, first.Id), (Create(null, "second").Holder, Create(null, "first").Holder));
    }

    [Fact]
    public async Task LastOfOneCommit_IsTheOneThatStays()
    {
        var stored = Replace("stored", "old", new ScheduledState(Later));
        await using var batch = await Storage.CreateBatchAsync(4, Token);
        var client = new BackgroundJobClient(batch, NoFilters);
        var ids = new[] { "a", "stored", "a", "stored" }.Select((key, i) =>
            client.Create(SampleJobs.Text($"{key} {i}"), new EnqueuedState(), ReplacingParameters(key))).ToList();
        var keys = (IKeyedConnection)batch.GetConnection();
        await batch.CommitAsync(Token);

        Assert.Equal([null, stored.Id, ids[0], stored.Id], ids.Select(keys.FindKeyHolder));
        Assert.Equal([false, true, true, true], ids.Select(keys.HasReplaced));
        Assert.Equal(("a 2", "stored 3"), (TextOf(ids[0]), TextOf(stored.Id)));
        Assert.Equal((2, 2), (Rows.Count("{s}job"), Rows.Count("{s}queue")));
        Assert.Equal(0, Rows.Count("{s}set_item"));
    }

    [Fact]
    public async Task JobThatAnotherWriterHasLocked_IsReplacedAfterwards()
    {
        var first = Replace("a", "old");
        Task<(string Id, string? Holder, bool HasReplaced)> replacing;
        using (var connection = Storage.GetConnection())
        {
            using (connection.AcquireDistributedLock($"job:{first.Id}:state-lock", Until.Limit))
            {
                replacing = Task.Run(() => Replace("a", "new"), Token);
                // Another commit, which does not wait with it.
                Assert.Null(Create("b").Holder);
                Assert.Equal("old", TextOf(first.Id));
                using var transaction = connection.CreateWriteTransaction();
                transaction.SetJobState(first.Id, new ScheduledState(Later));
                transaction.Commit();
            }
        }

        Assert.True((await replacing.WaitAsync(Until.Limit, Token)).HasReplaced);

        Assert.Equal("new", TextOf(first.Id));
    }

    /// <summary>A job whose time has come is in its queue, and its state says Scheduled.</summary>
    private void MakeDue(string id)
    {
        Rows.Execute("UPDATE {s}set_item SET score = 1, value = 'default:" + id + "' WHERE key = 'schedule' AND value LIKE '%" + id + "'");
        Assert.Equal(1, ((IJobClock)Storage).EnqueueDelayedJobs());
    }

    private static IState StateOf(string name, string parent) => name switch
    {
        "Awaiting" => new AwaitingState(parent),
        "Enqueued" => new EnqueuedState(),
        _ => new ScheduledState(Later),
    };

    private List<string> ChildrenOf(string parent)
    {
        using var connection = Storage.GetConnection();
        return [.. JsonNode.Parse(connection.GetJobParameter(parent, "Continuations") ?? "[]")!.AsArray()
            .Select(static child => child!["JobId"]!.ToString())];
    }
}
