using System.Data.Common;
using System.Diagnostics;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Engine.Locks;

/// <summary>
/// The locks Hangfire takes around a change of a job's state. For the worker that has fetched the job a lock costs nothing:
/// inside it, it uses the row it claimed, and its commit fails if the version has changed by then. Any other writer
/// marks the row, which changes its version, and so wins against the worker; their commit needs the mark to be still there.
/// </summary>
/// <param name="keepsUntilDisposed">Whether a lock outlasts its handles: what is done under it is committed later, with a batch.</param>
internal sealed class RowLocks(ISessions sessions, bool keepsUntilDisposed = false) : IDisposable
{
    // Longer than a change of state takes, and shorter than a lease: when its holder dies, schedulers wait this long for the
    // job. A holder that takes longer loses only its turn, because its commit finds another version.
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<long, RowLock> _locks = [];
    private FetchedJob? _fetched;
    private JobRow? _fetchedRow;
    private int _fetchedLocks;
    private bool _wasFetchedLocked;

    public bool Any => _locks.Count > 0;

    public void Fetched(FetchedJob fetched)
    {
        _fetched = fetched;
        // A job that is locked is waited for like any other: using its row would break the lock.
        _fetchedRow = fetched.Claim.Row is { LockedUntil: null } row ? row : null;
        _fetchedLocks = 0;
        _wasFetchedLocked = false;
    }

    public IDisposable Acquire(long jobId, string resource, TimeSpan timeout)
    {
        if (_locks.TryGetValue(jobId, out var rowLock))
            return Enter(rowLock);
        if (_fetchedRow is { } row && row.Id == jobId)
        {
            _fetchedLocks++;
            _wasFetchedLocked = true;
            return new LockHandle(() => LeaveFetched(row));
        }
        return AcquireRow(jobId, resource, timeout);
    }

    /// <summary>Keeps the lock that this connection has written into the row of a job; <see langword="null"/> when there is none.</summary>
    public IDisposable? Keep(long jobId) => _locks.TryGetValue(jobId, out var rowLock) && rowLock.IsInRow ? Enter(rowLock) : null;

    /// <summary>The row of a job this connection has locked; without a lock, others may have changed it.</summary>
    public JobRow? Find(long jobId) =>
        _locks.TryGetValue(jobId, out var rowLock) ? rowLock.Row
        : _fetchedLocks > 0 && _fetchedRow?.Id == jobId ? _fetchedRow
        : null;

    public bool IsLost(long jobId) => _fetched is { IsLost: true } && _fetched.Claim.JobId == jobId;

    /// <summary>
    /// The row a worker has fetched and locked: parameters are read from it, because setting one changes its version. Until the worker
    /// locks it for the first time, the row is as old as its claim, and what the worker then decides is checked by its commit.
    /// </summary>
    public JobRow? FindFetched(long jobId) =>
        _locks.ContainsKey(jobId) ? null
        : !_wasFetchedLocked && _fetchedRow?.Id == jobId ? _fetchedRow
        : Find(jobId);

    /// <summary>Adds the conditions that the commit requires.</summary>
    public void Expect(JobWrite job)
    {
        if (_locks.TryGetValue(job.Id, out var rowLock) && rowLock.IsInRow)
            job.ExpectedLock = rowLock.Row.LockedUntil;
        else if (Find(job.Id) is { } row)
            job.ExpectedVersion = row.Version;
        job.ReplacesParameters = Find(job.Id) is { HasBrokenParameters: true };
        var isOfOtherWorker = _fetched?.Claim.JobId != job.Id;
        job.KeepsOwnRetention = isOfOtherWorker;
        if (isOfOtherWorker && job.State is { } next && next.Name != ProcessingState.StateName
            && Find(job.Id) is { State: { } before, Version: var version } && before == ProcessingState.StateName)
        {
            job.RevokedVersion = version;
        }
        job.WasNotStarted = !isOfOtherWorker && _fetched is { Claim.HasBegun: true, HasStarted: false };
    }

    /// <summary>Requires that the claim of the fetched job still holds.</summary>
    public void DependOn(WriteSet set, ClaimedJob claim)
    {
        set.DependOn(claim.LeaseId);
        // The version of the claimed row implies that, where the claim did not change it. A crash of the database may undo a claim
        // while the lease stays valid; then the next claim may give the row the same version, and any other row may be of that claim.
        var isImplied = !claim.HasBegun && _fetchedRow?.Id == claim.JobId
            && set.FindJob(claim.JobId)?.ExpectedVersion == _fetchedRow.Version;
        if (!isImplied && !set.Completed.Contains(claim.Token) && !set.MustStillHold.Contains(claim.Token))
            set.MustStillHold.Add(claim.Token);
    }

    public void Applied(WriteSet set)
    {
        foreach (var job in set.Jobs)
        {
            if (Find(job.Id) is not { } row)
            {
                // Its own worker changed it outside a lock: the row it claimed is out of date.
                if (_fetchedRow?.Id == job.Id)
                    _fetchedRow = null;
                continue;
            }
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
            if (_fetchedRow?.Id == job.Id)
                _fetchedRow = null;
            if (_locks.Remove(job.Id, out var rowLock))
                Unlock(rowLock);
        }
        if (exception is WriteConflictException { IsClaim: true } or LeaseLostException && _fetched is not null)
            _fetched.MarkLost();
    }

    public void Dispose()
    {
        foreach (var rowLock in _locks.Values)
            Unlock(rowLock);
        _locks.Clear();
    }

    private IDisposable AcquireRow(long jobId, string resource, TimeSpan timeout)
    {
        // A job that does not exist has nothing to protect.
        if (Lock(jobId, resource, timeout) is not { } row)
            return NoLock.Instance;
        var rowLock = new RowLock(row);
        _locks.Add(jobId, rowLock);
        return Enter(rowLock);
    }

    private JobRow? Lock(long jobId, string resource, TimeSpan timeout)
    {
        var started = Stopwatch.GetTimestamp();
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            if (TryLock(jobId, out var exists) is { } row)
                return row;
            if (!exists)
                return null;
            var left = timeout - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                throw new DistributedLockTimeoutException(resource);
            Thread.Sleep(delay < left ? delay : left);
        }
    }

    private JobRow? TryLock(long jobId, out bool exists)
    {
        using var session = sessions.Write();
        var row = session.First(
            $$"""
            UPDATE {s}job SET version = version + 1, locked_until = {now} + @validity
            WHERE id = @id AND (locked_until IS NULL OR locked_until NOT BETWEEN {now} AND {now} + {{RowLockTimes.Longest}})
            RETURNING {{JobRow.ReturnedColumns}}
            """,
            JobRow.Read, ("@id", jobId), ("@validity", Micros.Of(Validity)));
        exists = row is not null || session.Number("SELECT 1 FROM {s}job WHERE id = @id", ("@id", jobId)) is not null;
        return row;
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

    private void LeaveFetched(JobRow row)
    {
        if (ReferenceEquals(_fetchedRow, row))
            _fetchedLocks--;
    }

    // A commit of a state removes the lock from the row.
    private void Unlock(RowLock rowLock)
    {
        if (!rowLock.IsInRow)
            return;
        try
        {
            using var session = sessions.Write();
            session.Execute(
                "UPDATE {s}job SET locked_until = NULL WHERE id = @id AND locked_until = @locked", ("@id", rowLock.Row.Id),
                ("@locked", rowLock.Row.LockedUntil));
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

    private sealed class NoLock : IDisposable
    {
        public static readonly NoLock Instance = new();

        public void Dispose()
        {
        }
    }
}
