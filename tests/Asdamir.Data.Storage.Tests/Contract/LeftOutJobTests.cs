using System.Text.Json;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class LeftOutJobOnPostgreSql() : LeftOutJobTests(static place => OnPostgreSql(place));

public sealed class LeftOutJobOnSqlite() : LeftOutJobTests(static place => OnSqlite(place));

/// <summary>What a commit writes of a job whose key is taken, and of the others.</summary>
public abstract class LeftOutJobTests(Func<Place, SqlJobStorage> open) : KeyedStorageTests(open)
{
    [Fact]
    public void DelayedJob_WhoseKeyIsTaken_IsNotScheduled()
    {
        Create("a");

        Create("a", state: new ScheduledState(TimeSpan.FromHours(1)));

        Assert.Equal(0, Storage.GetMonitoringApi().ScheduledCount());
        Assert.Equal(0, Rows.Count("{s}set_item"));
    }

    [Fact]
    public void Continuation_WhoseKeyIsTaken_IsUnknownToItsParent()
    {
        Create("a");
        var parent = Client.Create(SampleJobs.Text("parent"), new EnqueuedState());
        var continuations = new ContinuationsSupportAttribute();
        var client = new BackgroundJobClient(Storage, new JobFilterCollection { continuations });
        var known = client.Create(SampleJobs.Text("child"), new AwaitingState(parent));

        var lost = client.Create(SampleJobs.Text("child"), new AwaitingState(parent), Parameters("a", null));

        using var connection = Storage.GetConnection();
        var list = connection.GetJobParameter(parent, "Continuations");
        Assert.Contains($"\"{known}\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{lost}\"", list, StringComparison.Ordinal);
        Assert.Null(StateOf(lost));
        Assert.Equal(AwaitingState.StateName, StateOf(known));
    }

    [Fact]
    public async Task Batch_KeepsItsOtherJobs_WhenOneOfThemHasATakenKey()
    {
        var first = Create("a");
        await using var batch = await Storage.CreateBatchAsync(3, Token);
        var client = new BackgroundJobClient(batch, NoFilters);
        var taken = client.Create(SampleJobs.Text("1"), new EnqueuedState(), Parameters("a", null));
        var free = client.Create(SampleJobs.Text("2"), new EnqueuedState(), Parameters("b", null));
        var again = client.Create(SampleJobs.Text("3"), new EnqueuedState(), Parameters("b", null));
        var keys = (IKeyedConnection)batch.GetConnection();
        await batch.CommitAsync(Token);

        Assert.Equal((first.Id, null, free), (keys.FindKeyHolder(taken), keys.FindKeyHolder(free), keys.FindKeyHolder(again)));
        Assert.Equal(2, Waiting);
    }

    [Fact]
    public void RecurringJob_WithATakenKey_StoresTheSkippedOccurrenceAsDeleted()
    {
        var first = Create("a");
        var recurring = new RecurringJobManager(Storage, NoFilters);
        recurring.AddOrUpdate("daily", SampleJobs.Text("x"), "0 0 * * *");
        using var connection = Storage.GetConnection();
        connection.SetRangeInHash(
            "recurring-job:daily",
            new Dictionary<string, string> { [JobKeys.RecurringField] = JsonSerializer.Serialize(JobKeys.Unique(Scope, "a")) });

        var skipped = recurring.TriggerJob("daily");

        Assert.Equal(DeletedState.StateName, StateOf(skipped));
        var reason = connection.GetStateData(skipped).Reason;
        Assert.Contains($"job {first.Id} ", reason, StringComparison.Ordinal);
        Assert.Equal(1, Waiting);
        Client.Delete(first.Id);
        var next = recurring.TriggerJob("daily");
        Assert.Equal(EnqueuedState.StateName, StateOf(next));
        Assert.Equal(next, Create("a").Holder);
    }
}
