using Asdamir.Data.Storage.Leases;

namespace Asdamir.Data.Storage.Contract;

internal sealed partial class StorageConnection
{
    private readonly Dictionary<string, NamedLock> _namedLocks = new(StringComparer.Ordinal);

    // One connection may take a lock several times, as in Hangfire's other storages.
    private LockHandle AcquireNamedLock(string resource, TimeSpan timeout)
    {
        if (!_namedLocks.TryGetValue(resource, out var held))
            _namedLocks.Add(resource, held = new NamedLock(_engine.Locks.Acquire(resource, timeout)));
        held.Depth++;
        return new LockHandle(() => Leave(held));
    }

    private void Leave(NamedLock held)
    {
        // The end of the connection releases all depths at once.
        if (--held.Depth == 0 && _namedLocks.Remove(held.Lock.Resource))
            _engine.Locks.Release(held.Lock);
    }

    private void ReleaseNamedLocks()
    {
        foreach (var held in _namedLocks.Values)
            _engine.Locks.Release(held.Lock);
        _namedLocks.Clear();
    }

    private sealed class NamedLock(HeldLock held)
    {
        public HeldLock Lock => held;

        public int Depth { get; set; }
    }
}
