using System.Data.Common;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Engine.Locks;

/// <summary>
/// The locks Hangfire takes around a change of a job's state. For the worker that has fetched the job a lock costs nothing:
/// inside it, it uses the row it claimed, and its commit fails if the version has changed by then. Any other writer
/// marks the row, which changes its version, and so wins against the worker; their commit needs the mark to be still there.
/// </summary>
/// <param name="keepsUntilDisposed">Whether a lock outlasts its handles: what is done under it is committed later, with a batch.</param>
internal sealed class RowLocks(ISessions sessions, TimeProvider time, bool keepsUntilDisposed = false) : IDisposable
{
    // Longer than a change of state takes, and shorter than a lease: when its holder dies, schedulers wait this long for the
    // job. A holder that takes longer loses only its turn, because its commit finds another version.
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(10);

    // Much longer than a commit takes. What has changed the row for as long may stay open for any time.
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<long, RowLock> _locks = [];

    public bool Any => _locks.Count > 0;

    /// <summary>The claim of the connection, whose job needs no lock in its row.</summary>
    public WorkerClaim? Claim { get; set; }

    /// <param name="isInUse">Whether a transaction that is still open has changed the job.</param>
    /// <returns>
    /// <see langword="null"/> when another writer kept the job locked for longer than the timeout, or an open transaction for ten seconds.
    /// </returns>
    public IDisposable? Acquire(long jobId, TimeSpan timeout, out bool isInUse)
    {
        isInUse = false;
        return _locks.TryGetValue(jobId, out var rowLock) ? Enter(rowLock)
            : Claim?.TryLock(jobId) is { } own ? own
            : AcquireRow(jobId, timeout, out isInUse);
    }

    /// <summary>Keeps the lock that this connection has written into the row of a job; <see langword="null"/> when there is none.</summary>
    public IDisposable? Keep(long jobId) => _locks.TryGetValue(jobId, out var rowLock) && rowLock.IsInRow ? Enter(rowLock) : null;

    /// <summary>
    /// The row of a job this connection has locked or claimed: parameters are read from it, because setting one changes its version.
    /// </summary>
    public JobRow? Find(long jobId) => _locks.ContainsKey(jobId) ? null : Claim?.KnownRow(jobId);

    /// <summary>Adds the conditions that the commit requires.</summary>
    public void Expect(JobWrite job)
    {
        var row = LockedRow(job.Id);
        if (_locks.TryGetValue(job.Id, out var rowLock) && rowLock.IsInRow)
            job.ExpectedLock = row!.LockedUntil;
        else if (row is not null)
            job.ExpectedVersion = row.Version;
        job.Row = row;
        job.ReplacesParameters = row is { HasBrokenParameters: true };
        var isOwn = Claim is { } claim && claim.IsOf(job.Id);
        job.KeepsOwnRetention = !isOwn;
        if (!isOwn && job.State is { } next && next.Name != JobStates.Processing && row is { State: JobStates.Processing })
            job.RevokedVersion = row.Version;
        job.WasNotStarted = isOwn && Claim!.WasNotStarted;
    }

    public void Applied(WriteSet set)
    {
        foreach (var job in set.Jobs)
        {
            if (LockedRow(job.Id) is not { } row)
            {
                // Its own worker changed it outside a lock: the row it claimed is out of date.
                Claim?.Outdate(job.Id);
                continue;
            }
            row.StartedAt = job.StartedAtAfter(row);
            row.Version += job.Changes;
            row.State = job.State?.Name ?? row.State;
            foreach (var (name, value) in job.Parameters ?? [])
                row.Parameters[name] = value!;
            if (job.State is not null && _locks.TryGetValue(job.Id, out var rowLock))
                rowLock.IsInRow = false;
        }
    }

    /// <summary>Discards outdated knowledge about the jobs of the set.</summary>
    public void Conflict(WriteSet set, Exception exception)
    {
        foreach (var job in set.Jobs)
        {
            Claim?.Outdate(job.Id);
            if (_locks.Remove(job.Id, out var rowLock))
                Unlock(rowLock);
        }
        if (exception is WriteConflictException { IsClaim: true } or LeaseLostException)
            Claim?.MarkLost();
    }

    public void Dispose()
    {
        foreach (var rowLock in _locks.Values)
            Unlock(rowLock);
        _locks.Clear();
    }

    // Without a lock, others may have changed the row.
    private JobRow? LockedRow(long jobId) => _locks.TryGetValue(jobId, out var rowLock) ? rowLock.Row : Claim?.LockedRow(jobId);

    private LockHandle? AcquireRow(long jobId, TimeSpan timeout, out bool isInUse)
    {
        isInUse = false;
        var started = time.GetTimestamp();
        var inUseSince = started;
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            if (JobTable.TryLock(sessions, jobId, Validity, out var obstacle) is { } row)
            {
                var rowLock = new RowLock(row);
                _locks.Add(jobId, rowLock);
                isInUse = false;
                return Enter(rowLock);
            }
            // A job that does not exist has nothing to protect.
            if (obstacle == RowLockObstacle.NoSuchJob)
                return new LockHandle(static () => { });
            isInUse = obstacle == RowLockObstacle.OpenTransaction;
            if (!isInUse)
                inUseSince = time.GetTimestamp();
            else if (time.GetElapsedTime(inUseSince) > LongestTransaction)
                return null;
            var left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return null;
            time.Sleep(delay < left ? delay : left);
        }
    }

    private LockHandle Enter(RowLock rowLock)
    {
        rowLock.Depth++;
        return new LockHandle(() => Leave(rowLock));
    }

    // A conflict has released it already, and another lock of the same job may have taken its place.
    private void Leave(RowLock rowLock)
    {
        if (--rowLock.Depth > 0 || keepsUntilDisposed || !_locks.TryGetValue(rowLock.Row.Id, out var current)
            || !ReferenceEquals(current, rowLock))
        {
            return;
        }
        _locks.Remove(rowLock.Row.Id);
        Unlock(rowLock);
    }

    // A commit of a state removes the lock from the row.
    private void Unlock(RowLock rowLock)
    {
        if (!rowLock.IsInRow)
            return;
        try
        {
            JobTable.Unlock(sessions, rowLock.Row);
        }
        catch (Exception exception) when (exception is JobStorageUnavailableException or DbException or InvalidOperationException)
        {
            // It expires, and what was done under it is done; or the caller's transaction has failed, and the lock with it.
        }
    }

    private sealed class RowLock(JobRow row)
    {
        public JobRow Row => row;

        public int Depth { get; set; }

        public bool IsInRow { get; set; } = true;
    }
}
