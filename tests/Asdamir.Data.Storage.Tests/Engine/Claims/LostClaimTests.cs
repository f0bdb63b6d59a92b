using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class LostClaimOnPostgreSql() : LostClaimTests(static place => OnPostgreSql(place));

public sealed class LostClaimOnSqlite() : LostClaimTests(static place => OnSqlite(place));

/// <summary>A worker whose job was given to another one writes nothing more on its connection, whatever it is about.</summary>
public abstract class LostClaimTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private const string Other = "other";

    public static TheoryData<string> Writes { get; } = new(Actions.Keys);

    private static Dictionary<string, Action<JobStorageConnection, string>> Actions => new()
    {
        ["a parameter of another job"] = static (connection, job) => connection.SetJobParameter(job, "Note", "written"),
        ["a hash"] = static (connection, _) => connection.SetRangeInHash("key", [KeyValuePair.Create("field", "written")]),
        ["a set"] = InTransaction(static (transaction, _) => transaction.AddToSet("key", "written")),
        ["a list"] = InTransaction(static (transaction, _) => transaction.InsertToList("key", "written")),
        ["a counter"] = InTransaction(static (transaction, _) => transaction.IncrementCounter("key")),
        ["a state of another job"] = InTransaction(static (transaction, job) => transaction.SetJobState(job, new DeletedState())),
        ["an entry in the history of another job"] = InTransaction(
            static (transaction, job) => transaction.AddJobState(job, new DeletedState())),
        ["another job in a queue"] = InTransaction(static (transaction, job) => transaction.AddToQueue(Other, job)),
        ["a new job"] = static (connection, _) =>
        {
            var id = connection.CreateExpiredJob(
                SampleJobs.Text("new"), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1));
            InTransaction((transaction, _) => transaction.SetJobState(id, new EnqueuedState(Other)))(connection, id);
        },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public void Write_IsCommitted_WhenTheClaimIsGood(string what)
    {
        var (connection, fetched, job) = Fetch();
        using var closed = connection;
        using var given = fetched;
        var before = Fingerprint();

        Actions[what](connection, job);

        Assert.NotEqual(before, Fingerprint());
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void Write_IsRefused_WhenTheJobOfTheConnectionWasGivenToAnotherWorker(string what)
    {
        var (connection, fetched, job) = Fetch();
        EndClaims();
        var before = Fingerprint();

        var error = Assert.ThrowsAny<InvalidOperationException>(() => Actions[what](connection, job));
        Assert.Contains("was given to another worker", error.Message, StringComparison.Ordinal);
        // Not the second time, either, nor when all is over.
        Assert.ThrowsAny<InvalidOperationException>(() => Actions[what](connection, job));
        fetched.Dispose();
        connection.Dispose();

        Assert.Equal(before, Fingerprint());
        using var next = (JobStorageConnection)Storage.GetConnection();
        using var taken = Fetch(next);
        Assert.Equal(fetched.JobId, taken.JobId);
    }

    [Fact]
    public void Notes_AreWritten_OnlyByTheProcessThatHasTheJob()
    {
        var (connection, fetched, _) = Fetch();
        using var closed = connection;
        using var given = fetched;
        Storage.WriteMetadata(fetched.JobId, new Dictionary<string, string> { ["Progress"] = "10" });
        EndClaims();
        using var other = OpenAnother();
        using var otherConnection = (JobStorageConnection)other.GetConnection();
        using var taken = Fetch(otherConnection);
        Assert.Equal(fetched.JobId, taken.JobId);
        other.WriteMetadata(taken.JobId, new Dictionary<string, string> { ["Progress"] = "5" });

        Storage.WriteMetadata(fetched.JobId, new Dictionary<string, string> { ["Progress"] = "20", ["Log.0"] = "lost" });

        Assert.Equal(new Dictionary<string, string> { ["Progress"] = "5" }, other.ReadMetadata(taken.JobId));
    }

    // Hangfire's own filter commits the children of a job before the end of the job.
    [Fact]
    public void Continuation_IsNotStarted_ByAWorkerOfPlainHangfireThatLostItsJob()
    {
        var client = new BackgroundJobClient(Storage, JobFilterProviders.Providers);
        var parent = client.Create(SampleJobs.Text("x"), new EnqueuedState());
        var child = client.Create(SampleJobs.Text("y"), new AwaitingState(parent));
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(connection);
        var changer = new BackgroundJobStateChanger(JobFilterProviders.Providers);
        changer.ChangeState(new StateChangeContext(Storage, connection, parent, WorkerState.Processing));
        EndClaims();

        Assert.ThrowsAny<InvalidOperationException>(
            () => changer.ChangeState(new StateChangeContext(Storage, connection, parent, WorkerState.Succeeded, "Processing")));

        Assert.Equal("Awaiting", connection.GetStateData(child).Name);
    }

    private static Action<JobStorageConnection, string> InTransaction(Action<JobStorageTransaction, string> write) => (connection, job) =>
    {
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        write(transaction, job);
        transaction.Commit();
    };

    private (JobStorageConnection Connection, IFetchedJob Fetched, string OtherJob) Fetch()
    {
        var other = Client.Create(SampleJobs.Text("y"), new ScheduledState(TimeSpan.FromHours(1)));
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        var connection = (JobStorageConnection)Storage.GetConnection();
        return (connection, Fetch(connection), other);
    }

    // As when a lease ends: the job is in its queue again.
    private void EndClaims() => Rows.Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by IS NOT NULL");

    private string Fingerprint() => string.Join('\n', new[]
    {
        "SELECT id, state, parameters FROM {s}job ORDER BY id",
        "SELECT name, job_id FROM {s}state ORDER BY id",
        "SELECT job_id FROM {s}queue ORDER BY id",
        "SELECT field, value FROM {s}hash_field",
        "SELECT value FROM {s}set_item",
        "SELECT value FROM {s}list_item",
        "SELECT value FROM {s}counter",
    }.SelectMany(sql => Rows.Query(sql, static row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)))));
}
