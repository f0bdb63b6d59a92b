using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class JobClaimsOnPostgreSql() : JobClaimsTests(static place => OnPostgreSql(place));

public sealed class JobClaimsOnSqlite() : JobClaimsTests(static place => OnSqlite(place));

/// <summary>A server claims as many jobs as it can start, and starts each at once.</summary>
public abstract class JobClaimsTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private const string Server = "server-1";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claim_TakesNoMoreThanAskedFor()
    {
        var ids = Enqueue(5);
        using var claims = Storage.OpenClaims(["default"], Server);

        var jobs = await claims.ClaimAsync(2, Cancelled);

        Assert.Equal(ids.Take(2), jobs.Select(static job => job.JobId));
        Assert.Equal((3, 2), WaitingAndClaimed());
        Dispose(jobs);
    }

    [Fact]
    public async Task Claim_TakesWhatIsThere_WhenLessThanAskedFor()
    {
        Enqueue(2);
        using var claims = Storage.OpenClaims(["default"], Server);

        var jobs = await claims.ClaimAsync(100, Cancelled);

        Assert.Equal(2, jobs.Count);
        Dispose(jobs);
    }

    [Fact]
    public async Task Claim_TakesTheFirstQueueFirst()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState("low"));
        var urgent = Client.Create(SampleJobs.Text("x"), new EnqueuedState("high"));
        using var claims = Storage.OpenClaims(["high", "low"], Server);

        var jobs = await claims.ClaimAsync(1, Cancelled);

        Assert.Equal([(urgent, "high")], jobs.Select(static job => (job.JobId, job.Queue)));
        Dispose(jobs);
    }

    [Fact]
    public async Task ClaimThatWaits_GetsAJob_WhenThisProcessEnqueuesOne()
    {
        using var claims = Storage.OpenClaims(["default"], Server);
        var waiting = claims.ClaimAsync(3, Cancelled);

        var id = Enqueue(1).Single();

        var jobs = await waiting.WaitAsync(Until.Limit, Cancelled);
        Assert.Equal([id], jobs.Select(static job => job.JobId));
        Dispose(jobs);
    }

    [Fact]
    public async Task ClaimThatWaits_GetsAJob_WhenAnotherProcessEnqueuesOne()
    {
        using var claims = Storage.OpenClaims(["default"], Server);
        var waiting = claims.ClaimAsync(3, Cancelled);
        using var other = OpenAnother();

        var id = new BackgroundJobClient(other, NoFilters).Create(SampleJobs.Text("x"), new EnqueuedState());

        var jobs = await waiting.WaitAsync(Until.Limit, Cancelled);
        Assert.Equal([id], jobs.Select(static job => job.JobId));
        Dispose(jobs);
    }

    [Fact]
    public async Task CancelledClaim_LeavesNothingClaimed()
    {
        using var claims = Storage.OpenClaims(["default"], Server);
        using var cancellation = new CancellationTokenSource();
        var waiting = claims.ClaimAsync(3, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var ids = Enqueue(1);
        // A look that was on its way may have found it, and gives it back.
        await Until.TrueAsync(() => Storage.Queues() is [{ Waiting: 1, Claimed: 0 }], "it waits in its queue");
        var jobs = await claims.ClaimAsync(1, Cancelled);
        Assert.Equal(ids, jobs.Select(static job => job.JobId));
        Dispose(jobs);
    }

    [Fact]
    public async Task DisposedClaims_EndTheWait_AndClaimNothing()
    {
        var claims = Storage.OpenClaims(["default"], Server);
        var waiting = claims.ClaimAsync(3, Cancelled);

        claims.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Enqueue(1);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => claims.ClaimAsync(1, Cancelled));
        Assert.Equal((1, 0), WaitingAndClaimed());
    }

    [Fact]
    public async Task DisposedStorage_EndsTheWait()
    {
        using var claims = Storage.OpenClaims(["default"], Server);
        var waiting = claims.ClaimAsync(3, Cancelled);

        Storage.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task Servers_ShareTheJobs_WhenEachAsksForAPart()
    {
        Enqueue(10);
        using var other = OpenAnother();
        using var claims = Storage.OpenClaims(["default"], Server);
        using var otherClaims = other.OpenClaims(["default"], "server-2");

        var jobs = await Task.WhenAll(claims.ClaimAsync(5, Cancelled), otherClaims.ClaimAsync(5, Cancelled));

        Assert.Equal(10, jobs.SelectMany(static part => part).Select(static job => job.JobId).Distinct().Count());
        Assert.All(jobs, static part => Assert.Equal(5, part.Count));
        Assert.All(jobs, Dispose);
    }

    [Fact]
    public async Task Job_ReturnsToItsQueue_WhenItIsDisposed()
    {
        var ids = Enqueue(1);
        using var claims = Storage.OpenClaims(["default"], Server);
        Dispose(await claims.ClaimAsync(1, Cancelled));

        var jobs = await claims.ClaimAsync(1, Cancelled);

        Assert.Equal(ids, jobs.Select(static job => job.JobId));
        Dispose(jobs);
    }

    [Fact]
    public async Task Job_LeavesItsQueue_WithTheTransactionThatEndsIt()
    {
        Enqueue(1);
        using var claims = Storage.OpenClaims(["default"], Server);
        var job = Assert.Single(await claims.ClaimAsync(1, Cancelled));
        Assert.True(Storage.HasFeature(JobStorageFeatures.Transaction.RemoveFromQueue(job.GetType())));

        Begin(job);
        using (var transaction = (JobStorageTransaction)job.Connection.CreateWriteTransaction())
        {
            transaction.SetJobState(job.JobId, WorkerState.Succeeded);
            transaction.RemoveFromQueue(job);
            transaction.Commit();
        }
        job.Dispose();

        Assert.Empty(Storage.Queues());
        Assert.Equal(
            ["Succeeded", "Processing", "Enqueued"],
            Storage.GetMonitoringApi().JobDetails(job.JobId).History.Select(static entry => entry.StateName));
    }

    [Fact]
    public async Task Job_CannotBeEnded_WhenItWasGivenToAnotherServer()
    {
        var id = Enqueue(1).Single();
        using var claims = Storage.OpenClaims(["default"], Server);
        using var job = Assert.Single(await claims.ClaimAsync(1, Cancelled));
        Begin(job);
        // As when a lease ends: the job is in its queue again.
        Rows.Execute("UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by IS NOT NULL");
        using var other = OpenAnother();
        using var otherClaims = other.OpenClaims(["default"], "server-2");
        using var taken = Assert.Single(await otherClaims.ClaimAsync(1, Cancelled));

        Assert.ThrowsAny<InvalidOperationException>(() => job.Connection.SetJobParameter(id, "Note", "lost"));

        Assert.Equal(id, taken.JobId);
        Assert.NotEqual((job.ServerId, job.WorkerId), (taken.ServerId, taken.WorkerId));
        Assert.Null(taken.Connection.GetJobParameter(id, "Note"));
        Assert.Null(job.Connection.GetJobData(id));
    }

    [Fact]
    public async Task MovedJobs_AreFound_AmongThoseThatAreExecuted()
    {
        var ids = Enqueue(3);
        using var claims = Storage.OpenClaims(["default"], Server);
        var jobs = await claims.ClaimAsync(3, Cancelled);
        Assert.Empty(claims.FindMoved(jobs));
        Assert.Empty(claims.FindMoved([]));

        Assert.True(Client.ChangeState(ids[1], new DeletedState(), null));

        Assert.Equal([ids[1]], claims.FindMoved(jobs).Select(static job => job.JobId));
        Rows.Execute($"DELETE FROM {{s}}job WHERE id = {ids[0]}");
        Assert.Equal(ids.Take(2), claims.FindMoved(jobs).Select(static job => job.JobId));
        Dispose(jobs);
    }

    [Fact]
    public void OpenClaims_RefusesImpossibleArguments()
    {
        Assert.Throws<ArgumentException>(() => Storage.OpenClaims([], Server));
        Assert.Throws<ArgumentException>(() => Storage.OpenClaims([null!], Server));
        Assert.Throws<ArgumentException>(() => Storage.OpenClaims(["default"], ""));
    }

    [Fact]
    public async Task Claim_RefusesANumberBelowOne()
    {
        using var claims = Storage.OpenClaims(["default"], Server);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => claims.ClaimAsync(0, Cancelled));
    }

    private void Begin(IClaimedJob job) =>
        new BackgroundJobStateChanger(NoFilters).ChangeState(
            new StateChangeContext(Storage, job.Connection, job.JobId, WorkerState.Processing, "Enqueued", "Processing"));

    private List<string> Enqueue(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Client.Create(SampleJobs.Text($"{i}"), new EnqueuedState()))];

    private (long Waiting, long Claimed) WaitingAndClaimed()
    {
        var queue = Assert.Single(Storage.Queues());
        return (queue.Waiting, queue.Claimed);
    }

    private static void Dispose(IReadOnlyList<IClaimedJob> jobs) => Assert.All(jobs, static job => job.Dispose());
}
