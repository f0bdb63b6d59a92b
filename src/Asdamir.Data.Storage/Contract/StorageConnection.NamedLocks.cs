using System.Security.Cryptography;
using System.Text;
using Asdamir.Data.Storage.Engine.Locks;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Threading;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

internal sealed partial class StorageConnection
{
    private const int LongestName = 2_600;
    private const int ShownOfLongNames = 200;

    private readonly Dictionary<string, TakenLock> _namedLocks = new(StringComparer.Ordinal);

    // One connection may take a lock several times, as in Hangfire's other storages.
    private LockHandle AcquireNamedLock(string resource, TimeSpan timeout)
    {
        var name = StoredName(resource);
        if (!_namedLocks.TryGetValue(name, out var taken))
        {
            var held = _engine.Locks.Acquire(name, timeout) ?? throw new DistributedLockTimeoutException(resource);
            _namedLocks.Add(name, taken = new TakenLock(held));
        }
        taken.Depth++;
        return new LockHandle(() => Leave(taken));
    }

    // Hangfire's attributes make names of arguments, and no index of PostgreSQL takes one of any length.
    private static string StoredName(string resource)
    {
        var name = StorableText.Of(resource);
        return Encoding.UTF8.GetByteCount(name) <= LongestName
            ? name
            : $"{StorableText.Of(name[..ShownOfLongNames])}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}";
    }

    private void Leave(TakenLock taken)
    {
        // The end of the connection releases all depths at once, and the locks of a batch.
        if (--taken.Depth == 0 && _batch is null && _namedLocks.Remove(taken.Lock.Resource))
            _engine.Locks.Release(taken.Lock);
    }

    private void ReleaseNamedLocks()
    {
        foreach (var taken in _namedLocks.Values)
            _engine.Locks.Release(taken.Lock);
        _namedLocks.Clear();
    }

    private sealed class TakenLock(NamedLock taken)
    {
        public NamedLock Lock => taken;

        public int Depth { get; set; }
    }
}
