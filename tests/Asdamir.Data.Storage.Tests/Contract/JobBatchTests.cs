using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class JobBatchOnPostgreSql() : JobBatchTests(static place => OnPostgreSql(place));

public sealed class JobBatchOnSqlite() : JobBatchTests(static place => OnSqlite(place));

public abstract class JobBatchTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private const int Many = 700;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long Waiting => Storage.GetMonitoringApi().EnqueuedCount("default");

    [Fact]
    public async Task Commit_WritesAllThatWasCreated_AndNothingBefore()
    {
        await using var batch = await Storage.CreateBatchAsync(1, Token);
        var client = new BackgroundJobClient(batch);
        var first = client.Create(SampleJobs.Text("first"), new EnqueuedState());
        var second = client.Create(SampleJobs.Text("second"), new EnqueuedState());
        var later = client.Create(SampleJobs.Text("later"), new ScheduledState(TimeSpan.FromHours(1)));
        Assert.Equal(0, Waiting);
        Assert.Null(StateOf(first));

        await batch.CommitAsync(Token);

        Assert.Equal(("Enqueued", "Enqueued", "Scheduled"), (StateOf(first), StateOf(second), StateOf(later)));
        Assert.Equal(2, Waiting);
    }

    [Fact]
    public async Task Commit_WritesALargeBatch_InOneCommit()
    {
        await using var batch = await Storage.CreateBatchAsync(Many, Token);
        var client = new BackgroundJobClient(batch);
        var ids = Enumerable.Range(0, Many).Select(i => client.Create(SampleJobs.Text($"{i}"), new EnqueuedState())).ToHashSet();

        await batch.CommitAsync(Token);

        Assert.Equal((Many, Many), (ids.Count, Waiting));
    }

    [Fact]
    public async Task Dispose_DropsWhatWasNotCommitted()
    {
        string id;
        await using (var batch = await Storage.CreateBatchAsync(1, Token))
            id = new BackgroundJobClient(batch).Create(SampleJobs.Text("x"), new EnqueuedState());

        Assert.Equal((0, null), (Waiting, StateOf(id)));
        using var connection = Storage.GetConnection();
        Assert.Null(connection.GetJobData(id));
    }

    [Fact]
    public async Task Commit_WritesNothing_WhenItsTokenIsCancelled()
    {
        await using var batch = await Storage.CreateBatchAsync(1, Token);
        new BackgroundJobClient(batch).Create(SampleJobs.Text("x"), new EnqueuedState());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch.CommitAsync(new CancellationToken(canceled: true)));

        Assert.Equal(0, Waiting);
    }

    [Fact]
    public async Task Continuation_IsKnownToItsParent_WhenTheBatchIsCommitted()
    {
        var parent = Client.Create(SampleJobs.Text("parent"), new EnqueuedState());
        await using (var batch = await Storage.CreateBatchAsync(1, Token))
        {
            var client = new BackgroundJobClient(batch);
            var child = client.ContinueJobWith(parent, () => SampleJobs.Take("child"));
            Assert.Null(ContinuationsOf(parent));
            await batch.CommitAsync(Token);
            Assert.Contains(child, ContinuationsOf(parent), StringComparison.Ordinal);
        }

        // Nothing keeps the parent locked.
        using var another = OpenAnother();
        using var connection = another.GetConnection();
        using var _ = connection.AcquireDistributedLock($"job:{parent}:state-lock", TimeSpan.Zero);
    }

    [Fact]
    public async Task NamedLock_IsKept_UntilTheBatchIsDisposed()
    {
        using var another = OpenAnother();
        using var connection = another.GetConnection();
        await using (var batch = await Storage.CreateBatchAsync(0, Token))
        {
            batch.GetConnection().AcquireDistributedLock("resource", TimeSpan.FromSeconds(1)).Dispose();
            Assert.Throws<DistributedLockTimeoutException>(() => connection.AcquireDistributedLock("resource", TimeSpan.Zero));
        }

        using var _ = connection.AcquireDistributedLock("resource", TimeSpan.Zero);
    }

    [Fact]
    public async Task ChangeOfState_IsWritten_WithTheBatch()
    {
        var id = Client.Create(SampleJobs.Text("x"), new FailedState(new InvalidOperationException("broken")));
        await using var batch = await Storage.CreateBatchAsync(0, Token);
        Assert.True(new BackgroundJobClient(batch).ChangeState(id, new DeletedState(), FailedState.StateName));
        Assert.Equal(FailedState.StateName, StateOf(id));

        await batch.CommitAsync(Token);

        Assert.Equal(DeletedState.StateName, StateOf(id));
    }

    [Fact]
    public async Task Use_Throws_WhenTheBatchIsCommitted()
    {
        await using var batch = await Storage.CreateBatchAsync(0, Token);
        await batch.CommitAsync(Token);

        Assert.Throws<InvalidOperationException>(batch.GetConnection);
        await Assert.ThrowsAsync<InvalidOperationException>(() => batch.CommitAsync(Token));
    }

    [Fact]
    public async Task Fetch_IsRefused()
    {
        await using var batch = await Storage.CreateBatchAsync(0, Token);

        Assert.Throws<NotSupportedException>(() => batch.GetConnection().FetchNextJob(["default"], Token));
    }

    private string? StateOf(string id)
    {
        using var connection = Storage.GetConnection();
        return connection.GetStateData(id)?.Name;
    }

    private string? ContinuationsOf(string id)
    {
        using var connection = Storage.GetConnection();
        return connection.GetJobParameter(id, "Continuations");
    }
}
