using Asdamir.Data.Storage.Leases;

namespace Asdamir.Data.Storage.Contract;

internal sealed partial class StorageConnection
{
    private readonly Dictionary<string, NamedLock> _namedLocks = new(StringComparer.Ordinal);

    // One connection may take a lock several times, as in Hangfire's other storages.
    private NamedLock AcquireNamedLock(string resource, TimeSpan timeout)
    {
        if (_namedLocks.TryGetValue(resource, out var held))
        {
            held.Count++;
            return held;
        }
        held = new NamedLock(this, _engine.Locks.Acquire(resource, timeout));
        _namedLocks.Add(resource, held);
        return held;
    }

    private void ReleaseNamedLocks()
    {
        foreach (var held in _namedLocks.Values.ToList())
        {
            held.Count = 1;
            held.Dispose();
        }
    }

    private sealed class NamedLock(StorageConnection connection, HeldLock held) : IDisposable
    {
        public HeldLock Lock => held;

        public int Count { get; set; } = 1;

        public void Dispose()
        {
            if (Count <= 0 || --Count > 0)
                return;
            connection._namedLocks.Remove(held.Resource);
            connection._engine.Locks.Release(held);
        }
    }
}
