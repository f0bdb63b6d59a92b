using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>
/// Claims jobs for callers that start each at once: never more than they ask for, and nothing ahead. A caller that waits holds no thread.
/// It looks again when jobs are announced, when a rate has room, and at the poll interval, because an announcement can be lost; and it
/// leaves a claim with the committer while it waits.
/// </summary>
/// <param name="queues">Whose announcements it waits for.</param>
/// <param name="claim">Claims up to so many jobs.</param>
/// <param name="stand">Leaves a claim of up to so many jobs with the committer.</param>
/// <param name="untilRoom">After which time a rate has room for a job that waits, if any does.</param>
/// <param name="giveBack">Puts claims back into their queues.</param>
/// <param name="failed">Called after a claim that failed and may have succeeded in the database.</param>
/// <param name="description">The location of the database, for messages.</param>
internal sealed class ClaimPump(
    IReadOnlyList<string> queues, Func<int, IReadOnlyList<ClaimedJob>> claim, Func<int, StandingClaim> stand,
    Func<TimeSpan?> untilRoom, Action<IReadOnlyList<ClaimedJob>> giveBack, Action failed, TimeSpan pollInterval, string description,
    TimeProvider time)
    : IClaimWaiter, IDisposable
{
    private readonly ClaimFailures _failures = new(description);
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _turn = new();
    private TaskCompletionSource? _announcement;
    private EmptyQueues? _empty;
    private bool _isDisposed;

    public IReadOnlyList<string> Queues => queues;

    /// <summary>Waits for jobs, and claims between one and <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        try
        {
            return await ClaimUntilAsync(count, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(nameof(IJobClaims));
        }
    }

    /// <summary>There may be new jobs in the queues.</summary>
    public void Wake() => Interlocked.Exchange(ref _announcement, null)?.TrySetResult();

    /// <summary>Ends all waits. Returns when no claim is on its way.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        _disposing.Cancel();
        lock (_turn)
        {
        }
    }

    private async Task<IReadOnlyList<ClaimedJob>> ClaimUntilAsync(int count, CancellationToken ending)
    {
        while (true)
        {
            ending.ThrowIfCancellationRequested();
            try
            {
                if (Volatile.Read(ref _empty) is { } empty
                    && await AwaitAsync(empty, count, ending).ConfigureAwait(false) is { Count: > 0 } made)
                {
                    if (made.Count == count)
                        Volatile.Write(ref _empty, null);
                    return made;
                }
                // Before the look: what is announced meanwhile may not be among what it finds.
                var announcement = NextAnnouncement();
                var claims = await TakeAsync(count, ending).ConfigureAwait(false);
                _failures.End();
                if (claims.Count < count)
                    Volatile.Write(ref _empty, new EmptyQueues(announcement, time.GetTimestamp(), untilRoom()));
                if (claims.Count > 0)
                    return claims;
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or ObjectDisposedException))
            {
                failed();
                await Task.Delay(_failures.PauseAfter(exception), time, ending).ConfigureAwait(false);
            }
        }
    }

    private Task<IReadOnlyList<ClaimedJob>> TakeAsync(int count, CancellationToken ending) =>
        ReceiveAsync(Detached.Start(() => Task.Run(() => Take(count), CancellationToken.None)), ending);

    // A claim that is late for a caller that has left is given back: exactly one of the two gets it.
    private async Task<IReadOnlyList<ClaimedJob>> ReceiveAsync(Task<IReadOnlyList<ClaimedJob>> taking, CancellationToken ending)
    {
        try
        {
            return await taking.WaitAsync(ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            _ = Detached.Start(() => taking.ContinueWith(GiveBackLate, TaskScheduler.Default));
            throw;
        }
    }

    private IReadOnlyList<ClaimedJob> Take(int count)
    {
        lock (_turn)
            return Volatile.Read(ref _isDisposed) ? [] : claim(count);
    }

    private void GiveBackLate(Task<IReadOnlyList<ClaimedJob>> taking)
    {
        if (taking.Exception is not null)
            failed();
        else if (taking.Result is { Count: > 0 } claims)
            giveBack(claims);
    }

    /// <returns>What a commit has claimed meanwhile.</returns>
    private async Task<IReadOnlyList<ClaimedJob>> AwaitAsync(EmptyQueues empty, int count, CancellationToken ending)
    {
        var left = IClaimWaiter.PauseOf(pollInterval, empty.UntilRoom) - time.GetElapsedTime(empty.SeenAt);
        if (left <= TimeSpan.Zero || empty.Announcement.IsCompleted)
            return [];
        var standing = stand(count);
        try
        {
            await Task.WhenAny(empty.Announcement, standing.Made).WaitAsync(left, time, ending).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // It looks without an announcement, or ends.
        }
        if (!standing.TryWithdraw())
            return await ReceiveAsync(standing.Made, ending).ConfigureAwait(false);
        ending.ThrowIfCancellationRequested();
        return [];
    }

    private Task NextAnnouncement()
    {
        if (Volatile.Read(ref _announcement) is { } awaited)
            return awaited.Task;
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _announcement, next, null) ?? next).Task;
    }

    /// <summary>The queues had no more jobs at that time, and until something is announced there is no reason to look.</summary>
    private sealed record EmptyQueues(Task Announcement, long SeenAt, TimeSpan? UntilRoom);
}
