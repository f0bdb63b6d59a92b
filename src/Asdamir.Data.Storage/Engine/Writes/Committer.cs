using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// Commits the write sets of all threads: small ones in groups, large ones apart, so that small ones never wait for them. A set
/// that changes rows of a transaction that is still open waits apart from both.
/// </summary>
internal sealed class Committer : IDisposable
{
    private const int LargeRows = 600;

    // Between two rounds of tries. No set waits much longer than the transaction that blocks it.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CommitConnections _connections;
    private readonly CommitQueue _small;
    private readonly CommitQueue _large;
    private readonly CommitQueue _blocked;

    public Committer(ICommitLease leases, StandingClaims claims, TimeProvider time)
    {
        _connections = new CommitConnections(leases);
        _blocked = new CommitQueue(_connections, "blocked commits", blocked: null, claims: null, () => time.Sleep(Pause));
        _small = new CommitQueue(_connections, "commits", _blocked, claims);
        _large = new CommitQueue(_connections, "large commits", _blocked, claims: null);
    }

    /// <summary>How many sets wait for a thread that commits them.</summary>
    public int Waiting => _small.Waiting + _large.Waiting + _blocked.Waiting;

    /// <summary>Returns when the set is durable.</summary>
    public void Commit(WriteSet set)
    {
        set.Caller = StorageTrace.Caller();
        if (set.Rows < LargeRows)
        {
            Wait(_small, set);
            return;
        }
        try
        {
            _connections.Commit([set]);
        }
        catch (RowsInUseException)
        {
            Wait(_blocked, set);
        }
    }

    /// <summary>Completes when the set is durable. No thread waits for it.</summary>
    /// <param name="set">What is written.</param>
    /// <param name="cancellationToken">Has an effect until the commit begins: nothing is written then.</param>
    public Task CommitAsync(WriteSet set, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        set.Caller = StorageTrace.Caller();
        var commit = new AwaitableCommit(set);
        (set.Rows >= LargeRows ? _large : _small).Add(commit);
        return commit.AnswerAsync(cancellationToken);
    }

    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
        _blocked.Dispose();
        _connections.Dispose();
    }

    private static void Wait(CommitQueue queue, WriteSet set)
    {
        using var commit = new BlockingCommit(set);
        queue.Add(commit);
        commit.Wait();
    }
}
