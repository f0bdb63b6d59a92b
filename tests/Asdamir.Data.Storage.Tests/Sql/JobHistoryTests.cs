using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.Storage.Tests.Sql;

[NeedsPostgreSql]
public sealed class JobHistoryOnPostgreSql() : JobHistoryTests(static place => OnPostgreSql(place));

public sealed class JobHistoryOnSqlite() : JobHistoryTests(static place => OnSqlite(place));

/// <summary>The history has the same entries in the same order, whether the row of the job tells them or the table of states.</summary>
public abstract class JobHistoryTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void AttemptThatGoesWell_IsToldByTheRow()
    {
        var id = Enqueue();
        AssertHistory(id, told: 1, "Enqueued");

        Work("default", new SucceededState("done", 12, 3));

        AssertHistory(id, told: 3, "Succeeded", "Processing", "Enqueued");
        var history = Details(id).History;
        Assert.Equal("default", history[2].Data["Queue"]);
        Assert.Equal("\"done\"", history[0].Data["Result"]);
        Assert.All(history, static entry => Assert.InRange(entry.CreatedAt, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow));
    }

    [Fact]
    public void FailedAttempt_IsToldByTheRow_AndRecordedWhenTheJobIsRequeued()
    {
        var id = Enqueue();
        Work("default", new FailedState(new InvalidOperationException("no")));
        AssertHistory(id, told: 3, "Failed", "Processing", "Enqueued");

        Assert.True(Client.ChangeState(id, new EnqueuedState { Reason = "again" }));

        AssertHistory(id, told: 0, "Enqueued", "Failed", "Processing", "Enqueued");
        Assert.Equal("no", Details(id).History[1].Data["ExceptionMessage"]);
        Assert.Equal("again", Details(id).History[0].Reason);
        Work("default", WorkerState.Succeeded);
        AssertHistory(id, told: 2, "Succeeded", "Processing", "Enqueued", "Failed", "Processing", "Enqueued");
    }

    [Fact]
    public void EntryOfOtherCode_StandsBehindTheState_ThatTheRowHasTold()
    {
        var id = Enqueue();

        Note(id);

        AssertHistory(id, told: 0, "Aside", "Enqueued");
        Assert.Equal("default", StateOf(id).Data["Queue"]);
        Work("default", WorkerState.Succeeded);
        AssertHistory(id, told: 2, "Succeeded", "Processing", "Aside", "Enqueued");
        Note(id);
        AssertHistory(id, told: 0, "Aside", "Succeeded", "Processing", "Aside", "Enqueued");
    }

    [Fact]
    public void EntryOfOtherCode_StandsBeforeTheAttempt_ThatGoesOn()
    {
        var id = Enqueue();
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(connection);
        Change(connection, id, WorkerState.Processing);

        Note(id);

        AssertHistory(id, told: 1, "Processing", "Aside", "Enqueued");
        Change(connection, id, WorkerState.Succeeded);
        fetched.RemoveFromQueue();
        AssertHistory(id, told: 2, "Succeeded", "Processing", "Aside", "Enqueued");
    }

    [Fact]
    public void StatesOfOneTransaction_AreRecorded()
    {
        var id = Enqueue();

        Commit(transaction =>
        {
            transaction.AddJobState(id, WorkerState.Succeeded);
            transaction.SetJobState(id, new DeletedState());
        });

        AssertHistory(id, told: 0, "Deleted", "Succeeded", "Enqueued");
    }

    [Fact]
    public void StatesOfAWriterThatHasNotLockedTheJob_AreRecorded()
    {
        var id = Enqueue();

        Commit(transaction => transaction.SetJobState(id, WorkerState.Processing));
        Commit(transaction => transaction.SetJobState(id, WorkerState.Succeeded));

        AssertHistory(id, told: 0, "Succeeded", "Processing", "Enqueued");
    }

    [Fact]
    public void NewJob_OfAnotherStateOrWithAReason_IsRecorded()
    {
        AssertHistory(Client.Create(SampleJobs.Text("x"), new ScheduledState(TimeSpan.FromHours(1))), told: 0, "Scheduled");
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState { Reason = "because" });

        AssertHistory(id, told: 0, "Enqueued");
        Work("default", WorkerState.Succeeded);
        AssertHistory(id, told: 2, "Succeeded", "Processing", "Enqueued");
        Assert.Equal("because", Details(id).History[2].Reason);
    }

    private string Enqueue() => Client.Create(SampleJobs.Text("x"), new EnqueuedState());

    private void Note(string id) => Commit(transaction => transaction.AddJobState(id, new WorkerState { Name = "Aside" }));

    private void Commit(Action<JobStorageTransaction> write)
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        write(transaction);
        transaction.Commit();
    }

    private void Change(JobStorageConnection connection, string id, IState state) =>
        Assert.NotNull(new BackgroundJobStateChanger(NoFilters).ChangeState(new StateChangeContext(Storage, connection, id, state)));

    private StateData StateOf(string id)
    {
        using var connection = Storage.GetConnection();
        return connection.GetStateData(id);
    }

    private JobDetailsDto Details(string id) => Storage.GetMonitoringApi().JobDetails(id);

    private void AssertHistory(string id, int told, params string[] states)
    {
        Assert.Equal(states, Details(id).History.Select(static entry => entry.StateName));
        Assert.Equal(
            (told, states.Length - told),
            (Rows.Count($"{{s}}told_entry WHERE job_id = {id}"), Rows.Count($"{{s}}state WHERE job_id = {id}")));
        Assert.Equal(states.FirstOrDefault(static state => state != "Aside"), StateOf(id).Name);
    }
}
