using System.Diagnostics;
using Asdamir.Data.Storage.Database;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Leases;

/// <summary>
/// Locks by name, each a row that belongs to a lease: renewed with it, and free when it ends, so that a dead
/// process holds up nobody for longer than its lease.
/// </summary>
internal sealed class StorageLocks(SqlDatabase database, LeaseKeeper leases)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(250);

    private long _lastToken;

    /// <exception cref="DistributedLockTimeoutException">Somebody else held it for longer than the timeout.</exception>
    public HeldLock Acquire(string resource, TimeSpan timeout)
    {
        var started = Stopwatch.GetTimestamp();
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            if (TryAcquire(resource) is { } held)
                return held;
            var left = timeout - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                throw new DistributedLockTimeoutException(resource);
            // Jitter, so that those who wait do not all ask at once.
            var pause = delay * (0.5 + Random.Shared.NextDouble());
            Thread.Sleep(pause < left ? pause : left);
        }
    }

    public HeldLock? TryAcquire(string resource)
    {
        var lease = leases.Current();
        var token = Interlocked.Increment(ref _lastToken);
        using var session = database.Write();
        return session.Execute(
            """
            INSERT INTO {s}lock (resource, lease_id, token) VALUES (@resource, @lease, @token)
            ON CONFLICT (resource) DO UPDATE SET lease_id = excluded.lease_id, token = excluded.token
            WHERE NOT EXISTS (SELECT 1 FROM {s}lease WHERE {s}lease.id = {s}lock.lease_id)
            """,
            ("@resource", resource), ("@lease", lease), ("@token", token)) == 1
            ? new HeldLock(resource, lease, token)
            : null;
    }

    public void Release(HeldLock held)
    {
        using var session = database.Write();
        session.Execute(
            "DELETE FROM {s}lock WHERE resource = @resource AND lease_id = @lease AND token = @token",
            ("@resource", held.Resource), ("@lease", held.LeaseId), ("@token", held.Token));
    }
}

internal sealed record HeldLock(string Resource, long LeaseId, long Token);
