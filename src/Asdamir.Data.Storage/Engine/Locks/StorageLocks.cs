using System.Collections.Concurrent;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Engine.Locks;

/// <summary>
/// Named locks. Each is a row that belongs to a lease and is released when the lease ends, so that a dead
/// process blocks others for no longer than its lease.
/// </summary>
internal sealed class StorageLocks(SqlDatabase database, LeaseKeeper leases)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(250);

    private readonly StorageLog _log = new(typeof(StorageLocks));
    private readonly ConcurrentDictionary<long, string> _held = new();
    private long _lastToken;

    /// <returns><see langword="null"/> when another holder kept it for longer than the timeout.</returns>
    public NamedLock? Acquire(string resource, TimeSpan timeout)
    {
        var started = database.Time.GetTimestamp();
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            if (TryAcquire(resource) is { } held)
                return held;
            var left = timeout - database.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return null;
            // Jitter keeps waiters from polling at the same moment.
            var pause = delay * (0.5 + Random.Shared.NextDouble());
            database.Time.Sleep(pause < left ? pause : left);
        }
    }

    public NamedLock? TryAcquire(string resource)
    {
        var lease = leases.Current();
        var token = Interlocked.Increment(ref _lastToken);
        var isHeld = false;
        // Recorded before the database has the row, so that a row that is not recorded here has no holder.
        _held[token] = resource;
        try
        {
            return (isHeld = LockTable.TryInsert(database, resource, lease, token)) ? new NamedLock(resource, lease, token) : null;
        }
        catch (JobStorageUnavailableException exception) when (exception.MayBeCommitted)
        {
            leases.SweepSoon();
            throw;
        }
        finally
        {
            if (!isHeld)
                _held.TryRemove(token, out _);
        }
    }

    /// <summary>Releases the lock. When the database is unreachable, it is released a little later.</summary>
    public void Release(NamedLock held)
    {
        _held.TryRemove(held.Token, out _);
        try
        {
            LockTable.Delete(database, held.Resource, held.LeaseId, held.Token);
        }
        catch (JobStorageUnavailableException exception)
        {
            leases.SweepSoon();
            _log.DebugException($"The lock '{held.Resource}' could not be released; the release is retried.", exception);
        }
    }

    /// <summary>
    /// Releases locks that belong to the lease of this process without a holder here, because a response or a release
    /// request was lost.
    /// </summary>
    public void ReleaseForgotten(long lease)
    {
        foreach (var (resource, token) in LockTable.Of(database, lease))
        {
            if (!_held.ContainsKey(token))
                LockTable.Delete(database, resource, lease, token);
        }
    }
}

internal sealed record NamedLock(string Resource, long LeaseId, long Token);
