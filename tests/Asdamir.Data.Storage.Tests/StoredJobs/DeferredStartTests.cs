using System.Data.Common;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Tests.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.StoredJobs;

public sealed class DeferredStartsOnPostgreSql() : DeferredStartTests(static place => OnPostgreSql(place), static place => new NpgsqlConnection(place.PostgreSql), static place => $"\"{place.Schema}\".");

public sealed class DeferredStartsOnSqlite() : DeferredStartTests(static place => OnSqlite(place), static place => new SqliteConnection($"Data Source={place.File}"), static _ => "");

/// <summary>
/// The beginning of a job whose job has been short is written together with its end. Nobody must be able to tell, and
/// nothing must be lost for it: each test has a job that is begun and not yet said to be.
/// </summary>
public abstract class DeferredStartTests(Func<Place, SqlJobStorage> open, Func<Place, DbConnection> connect, Func<Place, string> schema) : OwnStorageTests(open)
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
    public void Beginning_IsWrittenWithTheEnd_InOneChangeOfTheJob()
    {
        using var run = BeginUnwritten();
        var version = Number("version", run.Id);

        run.End();

        Assert.Equal(version + 2, Number("version", run.Id));
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(run.Id));
        Assert.Equal("Succeeded", StateOf(run.Id));
        Assert.DoesNotContain(Storage.Queues(), static queue => queue.Claimed > 0);
    }

    [Fact]
    public async Task Beginning_IsWrittenAfterAMoment_WhenTheJobGoesOn()
    {
        using var run = BeginUnwritten(moment: TimeSpan.FromMilliseconds(200));

        await Until.TrueAsync(() => StateOf(run.Id) == "Processing", "it is said to have begun");

        run.End();
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(run.Id));
    }

    [Fact]
    public async Task Run_OfAJobThatTookLong_IsProcessingBeforeItBegins()
    {
        using (var run = BeginUnwritten(moment: TimeSpan.FromMilliseconds(50)))
        {
            await Until.EqualAsync("Processing", () => StateOf(run.Id), "the state of a job that has taken longer than that");
            run.End();
        }

        using var next = Fetch();
        next.Begin();

        Assert.Equal("Processing", StateOf(next.Id));
    }

    [Fact]
    public void Run_ThatWasGivenBack_IsProcessingBeforeItBeginsAgain()
    {
        string id;
        using (var run = BeginUnwritten())
        {
            id = run.Id;
            run.GiveBack();
        }
        Assert.Equal("Enqueued", StateOf(id));

        using var again = Fetch(enqueue: false);
        again.Begin();

        Assert.Equal(id, again.Id);
        Assert.Equal("Processing", StateOf(id));
    }

    [Fact]
    public void OtherThreadsOfTheProcess_SeeTheBeginningAtOnce()
    {
        using var run = BeginUnwritten();
        using var connection = Storage.GetConnection();

        Assert.Equal("Processing", connection.GetStateData(run.Id).Name);
        Assert.Equal("Processing", StateOf(run.Id));
    }

    [Fact]
    public void AnotherProcess_IsNotToldThatTheJobWaits_WhenItHasBegun()
    {
        using var run = BeginUnwritten(moment: TimeSpan.FromMilliseconds(200));
        using var other = OpenAnother();

        Assert.False(ClientOf(other).ChangeState(run.Id, new DeletedState(), EnqueuedState.StateName));

        Assert.Equal("Processing", StateOf(run.Id));
        run.End();
        Assert.Equal("Succeeded", StateOf(run.Id));
    }

    [Fact]
    public void AnotherProcess_MayDeleteTheJob_AndItsWorkerDoesNotTakeItBack()
    {
        using var run = BeginUnwritten();
        using var other = OpenAnother();
        Assert.True(ClientOf(other).ChangeState(run.Id, new DeletedState()));

        run.End();

        Assert.Equal("Deleted", StateOf(run.Id));
        Assert.Equal(["Deleted", "Enqueued"], StatesOf(run.Id));
    }

    [Fact]
    public void ParametersOthersSetMeanwhile_AreKept_AndTheJobEnds()
    {
        using var run = BeginUnwritten();
        using var other = OpenAnother();
        using (var connection = other.GetConnection())
            connection.SetJobParameter(run.Id, "Note", "1");

        run.End();

        Assert.Equal("Succeeded", StateOf(run.Id));
        Assert.Equal("1", Storage.GetMonitoringApi().JobDetails(run.Id).Properties["Note"]);
    }

    [Fact]
    public async Task ContinuationsOthersAddMeanwhile_AreStarted()
    {
        using var run = BeginUnwritten();
        using var other = OpenAnother();
        var child = new BackgroundJobClient(other, JobFilterProviders.Providers).ContinueJobWith(run.Id, () => Conformance.Work.Do("continuation"));

        run.End(JobFilterProviders.Providers);

        await Until.TrueAsync(() => StateOf(child) == "Enqueued", "the continuation is started");
    }

    [Fact]
    public async Task Lock_OfAnotherProcess_IsWaitedFor()
    {
        using var run = BeginUnwritten();
        using var other = OpenAnother();
        using var connection = other.GetConnection();
        var held = connection.AcquireDistributedLock($"job:{run.Id}:state-lock", Until.Limit);
        var end = Task.Run(() => run.End(), TestContext.Current.CancellationToken);
        // A later one has begun and ended meanwhile.
        using (var later = Fetch())
        {
            later.Begin();
            later.End();
        }
        Assert.False(end.IsCompleted);
        Assert.Equal("Enqueued", connection.GetStateData(run.Id).Name);

        held.Dispose();

        await end.WaitAsync(Until.Limit, TestContext.Current.CancellationToken);
        Assert.Equal("Succeeded", StateOf(run.Id));
    }

    [Fact]
    public void Worker_CannotEndAJob_WhoseClaimWasUndone_AndWhichAnotherOneHasBegun()
    {
        using var run = BeginUnwritten();
        Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL, deliveries = deliveries - 1");
        using var other = OpenAnother();
        using var taken = Fetch(other);
        Assert.Equal(run.Id, taken.Id);
        taken.Begin();

        run.End();

        Assert.Equal("Processing", StateOf(run.Id));
        taken.End();
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(run.Id));
    }

    // Both beginnings are due at the same time: they are written one after the other, and nothing ends the process.
    [Fact]
    public async Task Beginning_IsWritten_WhenAnUndoneClaimOfTheJobHasBegunBefore()
    {
        using var first = BeginUnwritten(moment: TimeSpan.FromSeconds(3));
        Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL, deliveries = deliveries - 1");
        Begun.Moment = TimeSpan.FromMilliseconds(1);
        using var second = Fetch(Storage);
        second.Begin();
        Assert.Equal(first.Id, second.Id);

        await Until.TrueAsync(() => StateOf(second.Id) == "Processing", "the second beginning is written");

        second.End();
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], StatesOf(second.Id));
        // The thread that writes beginnings goes on.
        using var third = BeginUnwritten(moment: TimeSpan.FromMilliseconds(200));
        await Until.TrueAsync(() => StateOf(third.Id) == "Processing", "the next beginning is written");
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
            var run = Fetch();
            run.Begin();
            if (StateOf(run.Id) == "Enqueued")
                return run;
            Assert.True(attempt < 200, "No beginning stayed unwritten.");
            run.End();
            run.Dispose();
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
        using var limit = new CancellationTokenSource(Until.Limit);
        return new WorkedJob(storage, connection, connection.FetchNextJob(["default"], limit.Token));
    }

    // What another process sees.
    private string StateOf(string id) => (string)Value($"SELECT state FROM {{s}}job WHERE id = {id}")!;

    private long Number(string column, string id) => (long)Value($"SELECT {column} FROM {{s}}job WHERE id = {id}")!;

    private List<string> StatesOf(string id) => [.. Storage.GetMonitoringApi().JobDetails(id).History.Select(static state => state.StateName)];

    private void Execute(string sql) => Value(sql);

    private object? Value(string sql)
    {
        using var connection = connect(Place);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The schema and the ids are the test's own.
        command.CommandText = sql.Replace("{s}", schema(Place), StringComparison.Ordinal);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>A job in the hands of a worker, which does with it what Hangfire's does.</summary>
    private sealed class WorkedJob(SqlJobStorage storage, JobStorageConnection connection, IFetchedJob fetched) : IDisposable
    {
        public string Id => fetched.JobId;

        public void Begin() => Change(new BegunState(), NoFilters, "Enqueued", "Processing");

        public void End(IJobFilterProvider? filters = null)
        {
            Change(new DoneState(), new Completing(fetched, filters ?? NoFilters), "Processing");
            fetched.RemoveFromQueue();
        }

        public void GiveBack() => fetched.Requeue();

        public void Dispose()
        {
            fetched.Dispose();
            connection.Dispose();
        }

        private void Change(IState state, IJobFilterProvider filters, params string[] from)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    new BackgroundJobStateChanger(filters).ChangeState(new StateChangeContext(storage, connection, Id, state, from));
                    return;
                }
                catch (Exception exception) when (exception.GetType().Name is "WriteConflictException" && attempt < 5)
                {
                }
            }
        }
    }

    /// <summary>Ends the claim in the transaction of the state, as Hangfire's worker does.</summary>
    private sealed class Completing(IFetchedJob fetched, IJobFilterProvider others) : IJobFilterProvider, IApplyStateFilter
    {
        public IEnumerable<JobFilter> GetFilters(Job job) => others.GetFilters(job).Append(new JobFilter(this, JobFilterScope.Global, order: null));

        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => ((JobStorageTransaction)transaction).RemoveFromQueue(fetched);

        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
        }
    }

    private sealed class DoneState : IState
    {
        public string Name => SucceededState.StateName;

        public string? Reason => null;

        public bool IsFinal => true;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() => [];
    }
}
