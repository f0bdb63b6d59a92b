using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Clock;

[NeedsPostgreSql]
public sealed class EnqueueDelayedJobsOnPostgreSql() : EnqueueDelayedJobsTests(static place => OnPostgreSql(place));

public sealed class EnqueueDelayedJobsOnSqlite() : EnqueueDelayedJobsTests(static place => OnSqlite(place));

/// <summary>Many delayed jobs that are due at once.</summary>
public abstract class EnqueueDelayedJobsTests(Func<Place, SqlJobStorage> open) : ClockTests(open)
{
    // More than two transactions move.
    private const int Many = 12_345;

    [Fact]
    public async Task EnqueueDelayedJobs_MovesEachOnce_WhenTwoProcessesDoIt()
    {
        AddToSchedule([.. Enumerable.Range(1, Many).Select(static job => $"{(job % 2 == 0 ? "crm" : "hr")}:{job}")]);
        using var other = OpenAnother();

        var moved = await Task.WhenAll(Task.Run(Storage.EnqueueDelayedJobs), Task.Run(other.EnqueueDelayedJobs));

        Assert.Equal(Many, moved.Sum());
        Assert.Equal(Many, Rows.Count("(SELECT DISTINCT job_id FROM {s}queue WHERE queue = CASE job_id % 2 WHEN 0 THEN 'crm' ELSE 'hr' END)"
            + " AS moved"));
        Assert.Equal(0, Rows.Count("{s}set_item"));
    }

    [Fact]
    public void EnqueueDelayedJobs_KeepsTheOrderOfTheTimes()
    {
        AddToSchedule(["crm:3", "hr:1", "crm:2"]);

        Assert.Equal(3, Storage.EnqueueDelayedJobs());

        Assert.Equal(["crm:3", "hr:1", "crm:2"], Queued());
    }

    [Fact]
    public void EnqueueDelayedJobs_LeavesPlainJobs_AndWhatIsNotDue()
    {
        AddToSchedule(["17", "crm:18"]);
        Schedule(Storage, TimeSpan.FromHours(1));

        Assert.Equal(1, Storage.EnqueueDelayedJobs());

        Assert.Equal(["crm:18"], Queued());
        Assert.Equal(2, Rows.Count("{s}set_item"));
    }

    [Theory]
    [InlineData("crm:")]
    [InlineData(":17")]
    [InlineData("crm:seventeen")]
    [InlineData("crm:0")]
    [InlineData("crm:-1")]
    [InlineData("crm:1 ")]
    [InlineData("crm:17:hr")]
    [InlineData("crm:99999999999999999999")]
    public void EnqueueDelayedJobs_RemovesWhatIsNoJob(string entry)
    {
        AddToSchedule([entry, "crm:18"]);

        Assert.Equal(1, Storage.EnqueueDelayedJobs());

        Assert.Equal(["crm:18"], Queued());
        Assert.Equal(0, Rows.Count("{s}set_item"));
    }

    [Fact]
    public void EnqueueDelayedJobs_WakesTheWorkersOfTheQueue()
    {
        var id = Schedule(Storage, TimeSpan.Zero);
        using var connection = (JobStorageConnection)Storage.GetConnection();

        Assert.Equal(1, Storage.EnqueueDelayedJobs());

        using var fetched = Fetch(connection, Queue);
        Assert.Equal(id, fetched.JobId);
        Assert.Equal(ScheduledState.StateName, connection.GetStateData(id).Name);
    }

    [Fact]
    public void Schedule_KeepsTheFractionOfTheSecond()
    {
        var due = new DateTime(2041, 5, 6, 7, 8, 9, 750, DateTimeKind.Utc);

        Client.Create(Hangfire.Common.Job.FromExpression(() => Console.WriteLine("due"), Queue), new ScheduledState(due));

        Assert.Equal((due - DateTime.UnixEpoch).TotalSeconds, Rows.Value<double>("SELECT score FROM {s}set_item"));
        using var connection = (JobStorageConnection)Storage.GetConnection();
        var second = Math.Floor((due - DateTime.UnixEpoch).TotalSeconds);
        Assert.Empty(connection.GetFirstByLowestScoreFromSet("schedule", 0, second - 1, 10));
        Assert.Single(connection.GetFirstByLowestScoreFromSet("schedule", 0, second, 10));
    }

    private void AddToSchedule(string[] entries)
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        for (var place = 0; place < entries.Length; place++)
            transaction.AddToSet("schedule", entries[place], place);
        transaction.Commit();
    }
}
