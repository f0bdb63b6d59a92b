using System.Collections.Concurrent;
using System.Diagnostics;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sql;
using Hangfire.Logging;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Engine.Locks;

/// <summary>
/// Named locks. Each is a row that belongs to a lease and is released when the lease ends, so that a dead
/// process blocks others for no longer than its lease.
/// </summary>
internal sealed class StorageLocks(SqlDatabase database, LeaseKeeper leases)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(250);

    private readonly ILog _log = LogProvider.GetLogger(typeof(StorageLocks));
    private readonly ConcurrentDictionary<long, string> _held = new();
    private long _lastToken;

    /// <exception cref="DistributedLockTimeoutException">Another holder kept it for longer than the timeout.</exception>
    public NamedLock Acquire(string resource, TimeSpan timeout)
    {
        var started = Stopwatch.GetTimestamp();
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            if (TryAcquire(resource) is { } held)
                return held;
            var left = timeout - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                throw new DistributedLockTimeoutException(resource);
            // Jitter keeps waiters from polling at the same moment.
            var pause = delay * (0.5 + Random.Shared.NextDouble());
            Thread.Sleep(pause < left ? pause : left);
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
            return (isHeld = Insert(resource, lease, token)) ? new NamedLock(resource, lease, token) : null;
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
            Delete(held.Resource, held.LeaseId, held.Token);
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
        List<(string Resource, long Token)> rows;
        using (var session = database.Read())
        {
            rows = session.Query(
                "SELECT resource, token FROM {s}lock WHERE lease_id = @lease", static row => (row.GetString(0), row.GetInt64(1)),
                ("@lease", lease));
        }
        foreach (var (resource, token) in rows.Where(row => !_held.ContainsKey(row.Token)))
            Delete(resource, lease, token);
    }

    private bool Insert(string resource, long lease, long token)
    {
        using var session = database.Write();
        return session.Execute(
            """
            INSERT INTO {s}lock (resource, lease_id, token) VALUES (@resource, @lease, @token)
            ON CONFLICT (resource) DO UPDATE SET lease_id = excluded.lease_id, token = excluded.token
            WHERE NOT EXISTS (SELECT 1 FROM {s}lease WHERE {s}lease.id = {s}lock.lease_id)
            """,
            ("@resource", resource), ("@lease", lease), ("@token", token)) == 1;
    }

    private void Delete(string resource, long lease, long token)
    {
        using var session = database.Write();
        session.Execute(
            "DELETE FROM {s}lock WHERE resource = @resource AND lease_id = @lease AND token = @token",
            ("@resource", resource), ("@lease", lease), ("@token", token));
    }
}

internal sealed record NamedLock(string Resource, long LeaseId, long Token);
