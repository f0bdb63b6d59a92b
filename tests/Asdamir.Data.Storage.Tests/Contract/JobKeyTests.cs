using System.Text.Json;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class JobKeyOnPostgreSql() : JobKeyTests(static place => OnPostgreSql(place));

public sealed class JobKeyOnSqlite() : JobKeyTests(static place => OnSqlite(place));

/// <summary>To which job a key belongs, and for how long.</summary>
public abstract class JobKeyTests(Func<Place, SqlJobStorage> open) : KeyedStorageTests(open)
{
    [Fact]
    public void UniqueKey_BelongsToTheFirstJob_UntilThatEnds()
    {
        var first = Create("a");
        var second = Create("a");
        var other = Create("b");

        Assert.Equal((null, first.Id, null), (first.Holder, second.Holder, other.Holder));
        Assert.Null(StateOf(second.Id));
        Assert.Equal(2, Waiting);
    }

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    [InlineData("Deleted")]
    public void UniqueKey_IsFree_WhenItsJobHasEnded(string end)
    {
        var first = Create("a");
        if (end == DeletedState.StateName)
            Assert.True(Client.Delete(first.Id));
        else
        {
            Work(
                "default",
                end == FailedState.StateName ? new FailedState(new InvalidOperationException("broken")) : WorkerState.Succeeded);
        }

        Assert.Equal(end, StateOf(first.Id));
        Assert.Null(Create("a").Holder);
    }

    [Fact]
    public void UniqueKey_StaysWithItsJob_ThatWaitsForARetryOrIsExecuted()
    {
        var first = Create("a");
        using (var connection = (JobStorageConnection)Storage.GetConnection())
        {
            using var fetched = Fetch(connection);
            var changer = new BackgroundJobStateChanger(NoFilters);
            changer.ChangeState(new StateChangeContext(Storage, connection, fetched.JobId, WorkerState.Processing));
            Assert.Equal(first.Id, Create("a").Holder);
            changer.ChangeState(new StateChangeContext(Storage, connection, fetched.JobId, new ScheduledState(TimeSpan.FromHours(1))));
            fetched.RemoveFromQueue();
        }

        Assert.Equal(first.Id, Create("a").Holder);
    }

    [Fact]
    public void Requeue_IsRefused_WhenTheKeyBelongsToAnotherJob()
    {
        var first = Create("a");
        Client.Delete(first.Id);
        var second = Create("a");

        var refused = Assert.ThrowsAny<Exception>(() => Client.Requeue(first.Id));

        var taken = Assert.IsType<JobKeyTakenException>(refused.InnerException ?? refused);
        Assert.Equal((second.Id, "a"), (taken.JobId, taken.Key));
        Assert.Equal(DeletedState.StateName, StateOf(first.Id));
        Client.Delete(second.Id);
        Assert.True(Client.Requeue(first.Id));
        Assert.Equal(first.Id, Create("a").Holder);
    }

    [Fact]
    public void IdempotencyKey_GivesTheFirstJob_AlsoWhenThatWasDeletedAndIsGone()
    {
        var first = Create(null, "mail");
        Client.Delete(first.Id);
        Assert.Equal(first.Id, Create(null, "mail").Holder);
        Rows.Execute("DELETE FROM {s}job");

        Assert.Equal(first.Id, Create(null, "mail").Holder);
        Assert.Equal(0, Rows.Count("{s}job"));
    }

    [Fact]
    public void IdempotencyKey_IsFree_WhenItsTimeIsOver()
    {
        var first = Create(null, "mail");
        Rows.Execute("UPDATE {s}job_key SET expire_at = 1");

        var second = Create(null, "mail");

        Assert.Null(second.Holder);
        Assert.Equal(second.Id, Create(null, "mail").Holder);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public void JobThatIsNotStored_TakesNoneOfItsKeys()
    {
        var first = Create("a");

        Assert.Equal(first.Id, Create("a", "mail").Holder);
        Client.Delete(first.Id);

        Assert.Null(Create(null, "mail").Holder);
    }

    [Fact]
    public void JobWithoutKeys_WritesNothingAboutKeys()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());

        Assert.Equal(0, Rows.Count("{s}job_key"));
    }

    // Test runners pass on no texts with half of a pair.
    [Fact]
    public void KeyThatCannotBeStored_IsRefusedWithAFix()
    {
        foreach (var key in new[] { "", "a\0b", "\ud800x", "x\udc00", new string('x', 10_000) })
        {
            var refused = Assert.Throws<ArgumentException>(() => JobKeys.Unique(Scope, key));
            Assert.Contains("Fix:", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3_651)]
    [InlineData(10_000_000)]
    public void TimeOfAnIdempotencyKey_IsMoreThanZero_AndTenYearsAtMost(int days)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => JobKeys.Idempotent(Scope, "a", TimeSpan.FromDays(days)));
        Assert.Equal("a", JobKeys.IdempotencyKeyOf(JsonSerializer.Serialize(JobKeys.Idempotent(Scope, "a", TimeSpan.FromDays(3_650)))));
    }

    [Fact]
    public void LongestKey_OfLargeCharacters_IsStored()
    {
        var random = new Random(1);
        var key = new string([.. Enumerable.Range(0, JobKeys.MaxLength).Select(_ => (char)random.Next(0x4e00, 0x9fff))]);

        var first = Create(key);

        Assert.Equal(first.Id, Create(key).Holder);
    }

    [Fact]
    public void Keys_AreComparedByTheirCharacters()
    {
        Create("straße");

        Assert.Null(Create("STRASSE").Holder);
        Assert.Null(Create("strasse").Holder);
        Assert.Null(Create("straße ").Holder);
        Assert.Null(Create("strasse\n1").Holder);
    }
}
