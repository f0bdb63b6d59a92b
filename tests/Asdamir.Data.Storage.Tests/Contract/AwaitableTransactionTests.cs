using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class AwaitableTransactionsOnPostgreSql() : AwaitableTransactionTests(static place => OnPostgreSql(place));

public sealed class AwaitableTransactionsOnSqlite() : AwaitableTransactionTests(static place => OnSqlite(place));

/// <summary>A transaction whose commit is awaited does what one does whose commit blocks.</summary>
public abstract class AwaitableTransactionTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private const string Server = "server-1";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_WritesAll_OfAnOrdinaryConnection()
    {
        using var connection = Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash("key", [KeyValuePair.Create("field", "value")]);

        await CommitAsync(transaction);

        Assert.Equal("value", connection.GetAllEntriesFromHash("key")["field"]);
    }

    [Fact]
    public async Task Commit_EndsTheJobAndItsClaim()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var claims = Storage.OpenClaims(["default"], Server);
        var job = Assert.Single(await claims.ClaimAsync(1, Cancelled));

        await ChangeAsync(job, WorkerState.Processing, ends: false);
        await ChangeAsync(job, WorkerState.Succeeded, ends: true);
        job.Dispose();

        Assert.Empty(Storage.Queues());
        Assert.Equal(
            ["Succeeded", "Processing", "Enqueued"],
            Storage.GetMonitoringApi().JobDetails(id).History.Select(static entry => entry.StateName));
    }

    [Fact]
    public async Task Commit_IsRefused_WhenTheJobWasGivenToAnotherServer()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var claims = Storage.OpenClaims(["default"], Server);
        using var job = Assert.Single(await claims.ClaimAsync(1, Cancelled));
        await ChangeAsync(job, WorkerState.Processing, ends: false);
        // As when a lease ends: the job is in its queue again.
        Rows.Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by IS NOT NULL");

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => ChangeAsync(job, WorkerState.Succeeded, ends: true));

        Assert.Equal("Processing", Storage.GetMonitoringApi().JobDetails(id).History[0].StateName);
        Assert.Null(job.Connection.GetJobData(id));
    }

    [Fact]
    public async Task Commit_WritesTheJobs_ThatTheConnectionHasCreated()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var claims = Storage.OpenClaims(["default"], Server);
        using var job = Assert.Single(await claims.ClaimAsync(1, Cancelled));
        var created = job.Connection.CreateExpiredJob(
            SampleJobs.Text("y"), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromDays(1));
        using var transaction = job.Connection.CreateWriteTransaction();
        transaction.SetJobState(created, new EnqueuedState());

        await CommitAsync(transaction);

        Assert.Equal("Enqueued", Storage.GetMonitoringApi().JobDetails(created).History.Single().StateName);
    }

    private async Task ChangeAsync(IClaimedJob job, IState state, bool ends)
    {
        using var transaction = (JobStorageTransaction)job.Connection.CreateWriteTransaction();
        new BackgroundJobStateChanger(NoFilters).ChangeState(
            new StateChangeContext(
                Storage, job.Connection, transaction, job.JobId, state, ["Enqueued", "Processing"], CancellationToken.None));
        if (ends)
            transaction.RemoveFromQueue(job);
        await CommitAsync(transaction);
    }

    private static Task CommitAsync(IWriteOnlyTransaction transaction) =>
        Assert.IsAssignableFrom<IAwaitableTransaction>(transaction).CommitAsync();
}
