using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// The claim of a server that waits with free slots, left with the committer: the next commit of this process that adds jobs to one of
/// its queues makes it in the same transaction. So a job that is enqueued in the process that executes it takes no transaction for its
/// claim, and wakes no other process.
/// </summary>
/// <param name="queues">Whose jobs it claims.</param>
/// <param name="request">What to claim, as of the moment of the commit.</param>
/// <param name="remember">Claims, and remembers what was claimed.</param>
internal sealed class StandingClaim(
    IReadOnlyList<string> queues, Func<ClaimRequest> request,
    Func<Func<IReadOnlyList<ClaimedJob>>, IReadOnlyList<ClaimedJob>> remember)
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Withdrawn = 2;

    // The committer's thread must not execute what follows the await.
    private readonly TaskCompletionSource<IReadOnlyList<ClaimedJob>> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    /// <summary>What was claimed: nothing when nothing was committed. Fails when it is unknown.</summary>
    public Task<IReadOnlyList<ClaimedJob>> Made => _made.Task;

    public bool IsWaiting => Volatile.Read(ref _state) == Waiting;

    /// <summary>Ends it, unless a commit makes it right now.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting;

    /// <summary>Begins it, for a commit that adds jobs to these queues.</summary>
    public bool TryBegin(IEnumerable<string> enqueued) =>
        enqueued.Any(queues.Contains) && Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

    /// <summary>Commits with the claim.</summary>
    /// <param name="commit">Returns what was claimed; <see langword="null"/> when the response to a commit was lost.</param>
    public void Make(Func<ClaimRequest, IReadOnlyList<ClaimedJob>?> commit)
    {
        try
        {
            var isKnown = true;
            var claims = remember(() =>
            {
                var made = commit(request());
                isKnown = made is not null;
                return made ?? [];
            });
            if (isKnown)
                _made.SetResult(claims);
            else
                _made.SetException(new JobStorageUnavailableException("The response to a commit was lost.", mayBeCommitted: true));
        }
        catch (JobStorageUnavailableException exception) when (exception.MayBeCommitted)
        {
            _made.SetException(exception);
            throw;
        }
        catch
        {
            _made.SetResult([]);
            throw;
        }
    }
}
