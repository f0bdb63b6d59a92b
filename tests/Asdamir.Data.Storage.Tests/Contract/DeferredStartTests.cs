using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Jobs = Asdamir.Data.Storage.Conformance.Work;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class DeferredStartsOnPostgreSql() : DeferredStartTests(static place => OnPostgreSql(place));

public sealed class DeferredStartsOnSqlite() : DeferredStartTests(static place => OnSqlite(place));

/// <summary>
/// The storage writes the start of a job together with its end when the worker's last job was short. No reader may notice, and nothing
/// may be lost: each test has a job that has started and whose start is not yet written.
/// </summary>
public abstract class DeferredStartTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private static readonly TimeSpan Long = Until.Limit;

    private DeferredStarts Begun
    {
        get
        {
            using var connection = (StorageConnection)Storage.GetConnection();
            return connection.Engine.Begun;
        }
    }

    [Fact]
    public void Start_IsWrittenWithTheEnd_InOneChangeOfTheJob()
    {
        using var job = BeginUnwritten();
        var version = VersionOf(job.Id);

        job.End();

        Assert.Equal(version + 2, VersionOf(job.Id));
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(job.Id));
        Assert.Equal("Succeeded", StateOf(job.Id));
        Assert.DoesNotContain(Storage.Queues(), static queue => queue.Claimed > 0);
    }

    [Fact]
    public async Task Start_IsWrittenAfterAMoment_WhenTheJobIsStillProcessing()
    {
        using var job = BeginUnwritten(moment: TimeSpan.FromMilliseconds(200));

        await Until.TrueAsync(() => StateOf(job.Id) == "Processing", "its start is written");

        job.End();
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(job.Id));
    }

    [Fact]
    public async Task Job_IsProcessingBeforeItStarts_WhenTheLastOneTookLong()
    {
        using (var job = BeginUnwritten(moment: TimeSpan.FromMilliseconds(50)))
        {
            await Until.EqualAsync("Processing", () => StateOf(job.Id), "the state of a job that has taken longer than that");
            job.End();
        }

        using var next = Fetch();
        next.Begin();

        Assert.Equal("Processing", StateOf(next.Id));
    }

    [Fact]
    public void Job_IsProcessingBeforeItStartsAgain_WhenItWasGivenBack()
    {
        string id;
        using (var job = BeginUnwritten())
        {
            id = job.Id;
            job.GiveBack();
        }
        Assert.Equal("Enqueued", StateOf(id));

        using var again = Fetch(enqueue: false);
        again.Begin();

        Assert.Equal(id, again.Id);
        Assert.Equal("Processing", StateOf(id));
    }

    [Fact]
    public void Start_IsSeenAtOnce_ByOtherThreadsOfTheProcess()
    {
        using var job = BeginUnwritten();
        using var connection = Storage.GetConnection();

        Assert.Equal("Processing", connection.GetStateData(job.Id).Name);
        Assert.Equal("Processing", StateOf(job.Id));
    }

    [Fact]
    public void AnotherProcess_DoesNotSeeTheJobWaiting_WhenItHasStarted()
    {
        using var job = BeginUnwritten(moment: TimeSpan.FromMilliseconds(200));
        using var other = OpenAnother();

        Assert.False(ClientOf(other).ChangeState(job.Id, new DeletedState(), EnqueuedState.StateName));

        Assert.Equal("Processing", StateOf(job.Id));
        job.End();
        Assert.Equal("Succeeded", StateOf(job.Id));
    }

    [Fact]
    public void AnotherProcess_MayDeleteTheJob_AndItsWorkerDoesNotTakeItBack()
    {
        using var job = BeginUnwritten();
        using var other = OpenAnother();
        Assert.True(ClientOf(other).ChangeState(job.Id, new DeletedState()));

        job.End();

        Assert.Equal("Deleted", StateOf(job.Id));
        Assert.Equal(["Deleted", "Enqueued"], StatesOf(job.Id));
    }

    [Fact]
    public void Parameters_AreKeptAndTheJobEnds_WhenOthersSetThemMeanwhile()
    {
        using var job = BeginUnwritten();
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
        using var job = BeginUnwritten();
        using var other = OpenAnother();
        var child = new BackgroundJobClient(other, JobFilterProviders.Providers).ContinueJobWith(job.Id, () => Jobs.Do("continuation"));

        job.End(JobFilterProviders.Providers);

        await Until.TrueAsync(() => StateOf(child) == "Enqueued", "the continuation is started");
    }

    [Fact]
    public async Task Lock_OfAnotherProcess_IsWaitedFor()
    {
        using var job = BeginUnwritten();
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
        Assert.Equal("Enqueued", connection.GetStateData(job.Id).Name);

        held.Dispose();

        await end.WaitAsync(Until.Limit, TestContext.Current.CancellationToken);
        Assert.Equal("Succeeded", StateOf(job.Id));
    }

    [Fact]
    public void Worker_CannotEndAJob_WhenItsClaimWasUndoneAndAnotherWorkerHasStartedIt()
    {
        using var job = BeginUnwritten();
        Rows.Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL, deliveries = deliveries - 1");
        using var other = OpenAnother();
        using var taken = Fetch(other);
        Assert.Equal(job.Id, taken.Id);
        taken.Begin();

        job.End();

        Assert.Equal("Processing", StateOf(job.Id));
        taken.End();
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(job.Id));
    }

    // Both starts are due at the same time: they are written one after the other, and nothing ends the process.
    [Fact]
    public async Task Start_IsWritten_WhenAnUndoneClaimOfTheJobHasStartedBefore()
    {
        using var first = BeginUnwritten(moment: TimeSpan.FromSeconds(3));
        Rows.Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL, deliveries = deliveries - 1");
        Begun.Moment = TimeSpan.FromMilliseconds(1);
        using var second = Fetch(Storage);
        second.Begin();
        Assert.Equal(first.Id, second.Id);

        await Until.TrueAsync(() => StateOf(second.Id) == "Processing", "the second start is written");

        second.End();
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(second.Id));
        // The thread that writes starts is still alive.
        using var third = BeginUnwritten(moment: TimeSpan.FromMilliseconds(200));
        await Until.TrueAsync(() => StateOf(third.Id) == "Processing", "the next start is written");
        third.End();
    }

    private static BackgroundJobClient ClientOf(SqlJobStorage storage) => new(storage, NoFilters);

    // The claim must be fresh, and the last job short, which a busy machine may spoil.
    private WorkedJob BeginUnwritten(TimeSpan? moment = null)
    {
        Begun.Moment = moment ?? Long;
        using (var first = Fetch())
        {
            first.Begin();
            first.End();
        }
        for (var attempt = 1; ; attempt++)
        {
            var job = Fetch();
            job.Begin();
            if (StateOf(job.Id) == "Enqueued")
                return job;
            Assert.True(attempt < 200, "Every start was written at once.");
            job.End();
            job.Dispose();
        }
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
