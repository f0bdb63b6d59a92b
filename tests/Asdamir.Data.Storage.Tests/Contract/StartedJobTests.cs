using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Jobs = Asdamir.Data.Storage.Conformance.Work;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class StartedJobsOnPostgreSql() : StartedJobTests(static place => OnPostgreSql(place));

public sealed class StartedJobsOnSqlite() : StartedJobTests(static place => OnSqlite(place));

/// <summary>
/// A worker of Hangfire commits the start of a job before its first line, and its end. No reader may see it otherwise, whatever others do
/// meanwhile, and nothing may be lost.
/// </summary>
public abstract class StartedJobTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void Start_IsWrittenBeforeTheJobStarts_AndEachStateIsOneChange()
    {
        using var job = Fetch();
        var version = VersionOf(job.Id);
        job.Begin();
        Assert.Equal(("Processing", version + 1), (StateOf(job.Id), VersionOf(job.Id)));

        job.End();

        Assert.Equal(version + 2, VersionOf(job.Id));
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(job.Id));
        Assert.Equal("Succeeded", StateOf(job.Id));
        Assert.DoesNotContain(Storage.Queues(), static queue => queue.Claimed > 0);
    }

    [Fact]
    public void Job_IsProcessingBeforeItStartsAgain_WhenItWasGivenBack()
    {
        string id;
        using (var job = Begin())
        {
            id = job.Id;
            job.GiveBack();
        }
        Assert.Equal("Enqueued", StateOf(id));
        Assert.Equal(["Enqueued", "Processing", "Enqueued"], StatesOf(id));

        using var again = Fetch(enqueue: false);
        again.Begin();

        Assert.Equal(id, again.Id);
        Assert.Equal("Processing", StateOf(id));
    }

    [Fact]
    public void Start_IsSeenAtOnce_ByOtherThreadsOfTheProcess()
    {
        using var job = Begin();
        using var connection = Storage.GetConnection();

        Assert.Equal("Processing", connection.GetStateData(job.Id).Name);
        Assert.Equal(["Processing", "Enqueued"], StatesOf(job.Id));
    }

    [Fact]
    public void AnotherProcess_DoesNotSeeTheJobWaiting_WhenItHasStarted()
    {
        using var job = Begin();
        using var other = OpenAnother();

        Assert.False(ClientOf(other).ChangeState(job.Id, new DeletedState(), EnqueuedState.StateName));

        Assert.Equal("Processing", StateOf(job.Id));
        job.End();
        Assert.Equal("Succeeded", StateOf(job.Id));
    }

    [Fact]
    public void AnotherProcess_MayDeleteTheJob_AndItsWorkerDoesNotTakeItBack()
    {
        using var job = Begin();
        using var other = OpenAnother();
        Assert.True(ClientOf(other).ChangeState(job.Id, new DeletedState()));

        job.End();

        Assert.Equal("Deleted", StateOf(job.Id));
        Assert.Equal(["Deleted", "Processing", "Enqueued"], StatesOf(job.Id));
    }

    [Fact]
    public void Parameters_AreKeptAndTheJobEnds_WhenOthersSetThemMeanwhile()
    {
        using var job = Begin();
        using var other = OpenAnother();
        using (var connection = other.GetConnection())
            connection.SetJobParameter(job.Id, "Note", "1");

        job.End();

        Assert.Equal("Succeeded", StateOf(job.Id));
        Assert.Equal("1", Storage.GetMonitoringApi().JobDetails(job.Id).Properties["Note"]);
    }

    [Fact]
    public async Task Continuations_AreStarted_WhenOthersAddThemMeanwhile()
    {
        using var job = Begin();
        using var other = OpenAnother();
        var child = new BackgroundJobClient(other, JobFilterProviders.Providers).ContinueJobWith(job.Id, () => Jobs.Do("continuation"));

        job.End(JobFilterProviders.Providers);

        await Until.TrueAsync(() => StateOf(child) == "Enqueued", "the continuation is started");
    }

    [Fact]
    public async Task Lock_OfAnotherProcess_IsWaitedFor()
    {
        using var job = Begin();
        using var other = OpenAnother();
        using var connection = other.GetConnection();
        var held = connection.AcquireDistributedLock($"job:{job.Id}:state-lock", Until.Limit);
        var end = Task.Run(() => job.End(), TestContext.Current.CancellationToken);
        // A later job starts and ends meanwhile.
        using (var later = Fetch())
        {
            later.Begin();
            later.End();
        }
        Assert.False(end.IsCompleted);
        Assert.Equal("Processing", connection.GetStateData(job.Id).Name);

        held.Dispose();

        await end.WaitAsync(Until.Limit, TestContext.Current.CancellationToken);
        Assert.Equal("Succeeded", StateOf(job.Id));
    }

    [Fact]
    public void Worker_CannotEndAJob_WhenItsClaimWasUndoneAndAnotherWorkerHasStartedIt()
    {
        using var job = Begin();
        Rows.Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL, deliveries = deliveries - 1");
        Rows.Execute(
            $"UPDATE {{s}}job SET state = 'Enqueued', started_at = NULL, started = NULL, version = version - 1 WHERE id = {job.Id}");
        using var other = OpenAnother();
        using var taken = Fetch(other);
        Assert.Equal(job.Id, taken.Id);
        taken.Begin();

        job.End();

        Assert.Equal("Processing", StateOf(job.Id));
        taken.End();
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(job.Id));
    }

    private static BackgroundJobClient ClientOf(SqlJobStorage storage) => new(storage, NoFilters);

    private WorkedJob Begin()
    {
        var job = Fetch();
        job.Begin();
        return job;
    }

    private WorkedJob Fetch(bool enqueue = true)
    {
        if (enqueue)
            Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        return Fetch(Storage);
    }

    private static WorkedJob Fetch(SqlJobStorage storage)
    {
        var connection = (JobStorageConnection)storage.GetConnection();
        return new WorkedJob(storage, connection, Fetch(connection));
    }

    // What another process sees.
    private string StateOf(string id) => Rows.Value<string>($"SELECT state FROM {{s}}job WHERE id = {id}");

    private long VersionOf(string id) => Rows.Value<long>($"SELECT version FROM {{s}}job WHERE id = {id}");

    private List<string> StatesOf(string id) =>
        [.. Storage.GetMonitoringApi().JobDetails(id).History.Select(static state => state.StateName)];
}
