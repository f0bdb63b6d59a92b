using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class RevokedClaimOnPostgreSql() : RevokedClaimTests(static place => OnPostgreSql(place))
{
    [Fact]
    public async Task Token_IsCancelled_WhenTheCallersTransactionCommits()
    {
        using var job = await BeginAsync();
        await using var source = NpgsqlDataSource.Create(Place.PostgreSql);
        await using var database = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        using var other = (PostgreSqlJobStorage)OpenAnother();
        Assert.True(new BackgroundJobClient(other.InTransaction(transaction), NoFilters).Delete(job.Id));
        await UntilRevocationsArriveAsync();
        Assert.False(job.Revoked.IsCancellationRequested);

        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        await UntilRevokedAsync(job);
    }

    // Otherwise the row of its claim would come back to the queue, and the job would be executed a second time.
    [Fact]
    public async Task Queue_HasTheJobOnce_WhenTheEndInATransactionIsRefused_BecauseItWasDeletedAndRequeued()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var claims = Storage.OpenClaims(["default"], "server-1");
        using (var job = Assert.Single(await claims.ClaimAsync(1, TestContext.Current.CancellationToken)))
        {
            Assert.True(Client.Delete(id));
            Assert.True(Client.Requeue(id));
            await using var source = NpgsqlDataSource.Create(Place.PostgreSql);
            await using var database = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var transaction = await database.BeginTransactionAsync(TestContext.Current.CancellationToken);

            Assert.ThrowsAny<InvalidOperationException>(() => ((PostgreSqlJobStorage)Storage).InTransaction(transaction, job));
            job.RemoveFromQueue();
        }

        Assert.Equal((1, 0), (Rows.Count("{s}queue"), Rows.Count("{s}queue WHERE claimed_by IS NOT NULL")));
    }
}

public sealed class RevokedClaimOnSqlite() : RevokedClaimTests(static place => OnSqlite(place))
{
    [Fact]
    public async Task Revocations_AreForgotten_AfterAMinute()
    {
        using (var first = await BeginAsync())
            Client.Delete(first.Id);
        Rows.Execute("UPDATE revocation SET at = at - 61000000");
        using (var second = await BeginAsync())
            Client.Delete(second.Id);

        Assert.Equal(1, Rows.Count("revocation"));
    }
}

/// <summary>A job that is moved while a worker executes it: the worker is told at once.</summary>
public abstract class RevokedClaimTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private IJobClaims? _claims;

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _claims?.Dispose();
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_IsCancelled_WhenTheJobIsDeleted(bool byAnotherProcess)
    {
        using var job = await BeginAsync();
        using var other = OpenAnother();

        Assert.True(new BackgroundJobClient(byAnotherProcess ? other : Storage, NoFilters).Delete(job.Id));

        await UntilRevokedAsync(job);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metadata_IsWrittenByTheClaim_UntilTheJobIsDeleted(bool byAnotherProcess)
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var claims = Storage.OpenClaims(["default"], "server-1");
        using var job = Assert.Single(await claims.ClaimAsync(1, TestContext.Current.CancellationToken));
        using var other = OpenAnother();
        Assert.True(await job.TryWriteMetadataAsync(new Dictionary<string, string> { ["Step.0"] = "one", ["Other"] = "x" }));

        Assert.True(new BackgroundJobClient(byAnotherProcess ? other : Storage, NoFilters).Delete(id));

        Assert.False(await job.TryWriteMetadataAsync(new Dictionary<string, string> { ["Step.0"] = "two" }));
        job.RemoveFromQueue();
        Assert.Equal(new Dictionary<string, string> { ["Step.0"] = "one" }, Storage.ReadMetadata(id, "Step."));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_IsCancelled_WhenTheJobIsDeletedInABatch(bool byAnotherProcess)
    {
        using var job = await BeginAsync();
        using var other = OpenAnother();
        await using var batch = await (byAnotherProcess ? other : Storage).CreateBatchAsync(0, TestContext.Current.CancellationToken);

        Assert.True(new BackgroundJobClient(batch, NoFilters).Delete(job.Id));
        await batch.CommitAsync(TestContext.Current.CancellationToken);

        await UntilRevokedAsync(job);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_IsCancelledOfTheFormerWorkerOnly_WhenTheJobIsRequeued(bool byAnotherProcess)
    {
        using var former = await BeginAsync();
        using var other = OpenAnother();

        Assert.True(new BackgroundJobClient(byAnotherProcess ? other : Storage, NoFilters).Requeue(former.Id));
        using var next = await TakeAsync();

        await UntilRevokedAsync(former);
        await UntilRevocationsArriveAsync();
        Assert.Equal(former.Id, next.Id);
        Assert.False(next.Revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task Token_StaysUncancelled_WhenItsOwnWorkerEndsTheJob()
    {
        var job = await BeginAsync();
        var token = job.Revoked;

        job.Change(WorkerState.Succeeded);
        job.Dispose();

        await UntilRevocationsArriveAsync();
        Assert.False(token.IsCancellationRequested);
    }

    [Fact]
    public async Task Token_IsCancelled_WhenTheLeaseHasEnded()
    {
        using var job = await BeginAsync();

        Rows.Execute("DELETE FROM {s}lease");

        await UntilRevokedAsync(job);
    }

    private protected Task<Running> BeginAsync()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        return TakeAsync();
    }

    private protected static Task UntilRevokedAsync(Running job) =>
        Until.TrueAsync(() => job.Revoked.IsCancellationRequested, "the token of the job is cancelled");

    /// <summary>What was revoked by another process before this call has arrived after it.</summary>
    private protected async Task UntilRevocationsArriveAsync()
    {
        using var last = await BeginAsync();
        using var other = OpenAnother();
        new BackgroundJobClient(other, NoFilters).Delete(last.Id);
        await UntilRevokedAsync(last);
    }

    private async Task<Running> TakeAsync()
    {
        _claims ??= Storage.OpenClaims(["default"], "server-1");
        var claimed = Assert.Single(await _claims.ClaimAsync(1, TestContext.Current.CancellationToken));
        var job = new Running(Storage, claimed);
        job.Change(new WorkerState { Name = ProcessingState.StateName });
        return job;
    }

    private protected sealed class Running(SqlJobStorage storage, IClaimedJob claimed) : IDisposable
    {
        public string Id => claimed.JobId;

        public CancellationToken Revoked => claimed.Revoked;

        public void Change(IState state) =>
            new BackgroundJobStateChanger(NoFilters).ChangeState(new StateChangeContext(storage, claimed.Connection, Id, state));

        public void Dispose()
        {
            claimed.RemoveFromQueue();
            claimed.Dispose();
        }
    }
}

public sealed class RevocationTests
{
    [Fact]
    public void Text_IsReadAsItWasWritten_AndFitsIntoANotification()
    {
        List<Revocation> revocations = [.. Enumerable.Range(0, 500).Select(static i => new Revocation(long.MaxValue - i, long.MaxValue))];

        var texts = Revocation.Format(revocations).ToList();

        Assert.All(texts, static text => Assert.InRange(text.Length, 1, 7_999));
        Assert.Equal(revocations, texts.SelectMany(Revocation.Parse));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("1:2:3")]
    [InlineData(":")]
    [InlineData("-1:2,99999999999999999999:1")]
    public void Text_OfAnotherKind_IsLeftOut(string text) => Assert.Empty(Revocation.Parse(text));
}
