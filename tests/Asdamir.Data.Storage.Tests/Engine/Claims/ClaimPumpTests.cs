using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Sql.Tables;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

/// <summary>Waits of a server for jobs, without a database and without real time.</summary>
public sealed class ClaimPumpTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly FakeQueue _queue = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_Ends_WhenAJobIsAnnounced_WithoutAPoll()
    {
        using var pump = Open();
        var waiting = pump.ClaimAsync(2, Cancelled);
        await Until.TrueAsync(() => _queue.Looks == 1, "it has looked");

        _queue.Add(1);
        pump.Wake();

        Assert.Single(await waiting.WaitAsync(Until.Limit, Cancelled));
    }

    [Fact]
    public async Task Wait_Ends_AtThePollInterval_WhenTheAnnouncementWasLost()
    {
        using var pump = Open();
        var waiting = pump.ClaimAsync(2, Cancelled);
        await Until.TrueAsync(() => _queue.Looks == 1, "it has looked");

        _queue.Add(1);

        await AdvanceUntilAsync(() => waiting.IsCompleted);
        Assert.Single(await waiting);
    }

    [Fact]
    public async Task Wait_Ends_WhenARateHasRoom_LongBeforeThePollInterval()
    {
        using var pump = Open(_queue, _time, poll: TimeSpan.FromDays(30), untilRoom: TimeSpan.FromMinutes(1));
        var waiting = pump.ClaimAsync(2, Cancelled);
        await Until.TrueAsync(() => _queue.Looks == 1, "it has looked");

        _queue.Add(1);

        await Until.TrueAsync(
            () =>
            {
                if (!waiting.IsCompleted)
                    _time.Advance(TimeSpan.FromSeconds(30));
                return waiting.IsCompleted;
            },
            "it looks");
        Assert.Single(await waiting);
    }

    [Fact]
    public async Task Queue_IsNotLookedAtAgain_WhenItWasEmptyAndNothingIsAnnounced()
    {
        using var pump = Open();
        _queue.Add(1);
        Assert.Single(await pump.ClaimAsync(2, Cancelled));
        using var cancellation = new CancellationTokenSource();

        var waiting = pump.ClaimAsync(1, cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, _queue.Looks);
    }

    [Fact]
    public async Task Wait_Ends_WithTheCommitThatAddsAJob_WithoutALook()
    {
        using var pump = Open();
        _queue.Add(1);
        Assert.Single(await pump.ClaimAsync(2, Cancelled));
        var waiting = pump.ClaimAsync(2, Cancelled);

        Assert.False(_queue.Commit(1));

        Assert.Single(await waiting.WaitAsync(Until.Limit, Cancelled));
        Assert.Equal(1, _queue.Looks);
    }

    [Fact]
    public async Task Queue_IsLookedAtAgain_WhenACommitHasClaimedAsManyAsWereAskedFor()
    {
        using var pump = Open();
        _queue.Add(1);
        Assert.Single(await pump.ClaimAsync(2, Cancelled));
        var waiting = pump.ClaimAsync(1, Cancelled);

        Assert.True(_queue.Commit(2));

        Assert.Single(await waiting.WaitAsync(Until.Limit, Cancelled));
        Assert.Single(await pump.ClaimAsync(1, Cancelled).WaitAsync(Until.Limit, Cancelled));
    }

    [Fact]
    public async Task CancelledWait_LeavesNoClaimForACommit()
    {
        using var pump = Open();
        _queue.Add(1);
        Assert.Single(await pump.ClaimAsync(2, Cancelled));
        using var cancellation = new CancellationTokenSource();
        var waiting = pump.ClaimAsync(2, cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.True(_queue.Commit(1));
        Assert.Equal(1, _queue.Waiting);
    }

    [Fact]
    public async Task ClaimOnItsWay_IsGivenBack_WhenTheWaitIsCancelled()
    {
        using var pump = Open();
        _queue.Add(3);
        _queue.Passes.Reset();
        using var cancellation = new CancellationTokenSource();
        var waiting = pump.ClaimAsync(2, cancellation.Token);
        await Until.TrueAsync(() => _queue.Claimed.Count == 2, "the claim is on its way");

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _queue.Passes.Set();

        await Until.TrueAsync(() => _queue.Waiting == 3, "all jobs are back");
        Assert.Empty(_queue.Claimed);
    }

    [Fact]
    public async Task Outage_IsWaitedOut()
    {
        using var pump = Open();
        _queue.Add(1);
        _queue.IsDown = true;
        var waiting = pump.ClaimAsync(1, Cancelled);

        await AdvanceUntilAsync(() => _queue.Failures >= 3);
        Assert.False(waiting.IsCompleted);
        _queue.IsDown = false;

        await AdvanceUntilAsync(() => waiting.IsCompleted);
        Assert.Single(await waiting);
    }

    [Fact]
    public async Task Wait_IsCancelled_DuringAnOutage()
    {
        using var pump = Open();
        _queue.IsDown = true;
        using var cancellation = new CancellationTokenSource();
        var waiting = pump.ClaimAsync(1, cancellation.Token);
        await Until.TrueAsync(() => _queue.Failures > 0, "the claim has failed");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    // Whatever happens in whatever order: no job is lost, none has two owners, no caller gets more than it asked for,
    // and a caller waits only while there is no job.
    [Fact]
    public Task Jobs_AreNeitherLostNorOwnedTwice_InAnyOrderOfEvents() =>
        Gen.Select(Gen.Enum<Event>(), Gen.Int[1, 4]).Array[1, 40].SampleAsync(PlayAsync, iter: 300);

    private static async Task PlayAsync((Event What, int Count)[] events)
    {
        var queue = new FakeQueue();
        var time = new FakeTimeProvider();
        using var pump = Open(queue, time);
        List<(Task<IReadOnlyList<ClaimedJob>> Result, int Count, CancellationTokenSource Cancellation)> waits = [];
        foreach (var (what, count) in events)
        {
            switch (what)
            {
                case Event.Enqueue:
                    queue.Add(count);
                    pump.Wake();
                    break;
                case Event.EnqueueHere:
                    if (queue.Commit(count))
                        pump.Wake();
                    break;
                case Event.Ask:
                    var cancellation = new CancellationTokenSource();
                    waits.Add((pump.ClaimAsync(count, cancellation.Token), count, cancellation));
                    break;
                case Event.Cancel when waits.Count > 0:
                    await waits[count % waits.Count].Cancellation.CancelAsync();
                    break;
                case Event.Fail:
                    queue.IsDown = true;
                    break;
                case Event.Recover:
                    queue.IsDown = false;
                    break;
                case Event.LoseLease:
                    queue.LoseClaims();
                    break;
                case Event.Pass:
                    time.Advance(Poll);
                    break;
                case Event.Yield:
                    await Task.Delay(1, Cancelled);
                    break;
            }
        }
        queue.IsDown = false;
        await AdvanceUntilAsync(time, () => queue.Waiting == 0 || waits.TrueForAll(static wait => wait.Result.IsCompleted));
        waits.ForEach(static wait => wait.Cancellation.Cancel());
        await Until.TrueAsync(() => waits.TrueForAll(static wait => wait.Result.IsCompleted), "all waits have ended");

        var owned = waits.Where(static wait => wait.Result.IsCompletedSuccessfully).ToList();
        Assert.All(owned, static wait => Assert.InRange(wait.Result.Result.Count, 1, wait.Count));
        var tokens = owned.SelectMany(static wait => wait.Result.Result).Select(static claim => claim.Token).ToList();
        Assert.Equal(tokens.Count, tokens.Distinct().Count());
        // What was claimed for a caller that has left goes back in the background.
        await Until.TrueAsync(() => queue.Claimed.All(tokens.Contains), "every claim has an owner");
        Assert.Equal(queue.Added, queue.Waiting + queue.Claimed.Count);
    }

    private ClaimPump Open() => Open(_queue, _time);

    private static ClaimPump Open(FakeQueue queue, FakeTimeProvider time, TimeSpan? poll = null, TimeSpan? untilRoom = null) => new(
        ["default"], queue.Claim, queue.Stand, () => untilRoom, queue.GiveBack, queue.Fail, poll ?? Poll, "a queue in memory", time);

    private Task AdvanceUntilAsync(Func<bool> condition) => AdvanceUntilAsync(_time, condition);

    // The wait that the time ends may not have begun yet.
    private static Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> condition) => Until.TrueAsync(
        () =>
        {
            if (!condition())
                time.Advance(Poll * 2);
            return condition();
        },
        "it has happened");

    private enum Event
    {
        Enqueue,
        EnqueueHere,
        Ask,
        Cancel,
        Fail,
        Recover,
        LoseLease,
        Pass,
        Yield,
    }
}
