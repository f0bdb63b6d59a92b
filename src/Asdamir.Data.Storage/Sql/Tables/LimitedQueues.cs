using System.Collections.Concurrent;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// What this process knows of jobs with limits. A claim that considers them waits for those of other processes, so it is made only where
/// such jobs wait, and not again before something may have changed: a limited job has ended, or another one was added.
/// </summary>
internal sealed class LimitedQueues(TimeProvider time)
{
    // For changes that were not announced.
    private static readonly TimeSpan LongestFull = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, byte> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _full = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>Raised by every change, see <see cref="Filled"/>.</summary>
    public long Changes => Volatile.Read(ref _changes);

    /// <summary>Which jobs a claim from these queues considers.</summary>
    public LimitedClaim ClaimOf(string[] queues)
    {
        if (_waiting.IsEmpty || !Array.Exists(queues, _waiting.ContainsKey))
            return LimitedClaim.Unknown;
        return Array.Exists(queues, queue => _waiting.ContainsKey(queue) && !IsFull(queue))
            ? LimitedClaim.Considers
            : LimitedClaim.PassesOver;
    }

    /// <summary>Sets whether jobs with limits wait in one of the queues.</summary>
    public void Saw(string[] queues, bool wait)
    {
        foreach (var queue in queues)
        {
            if (wait)
                _waiting.TryAdd(queue, 0);
            else if (!_waiting.IsEmpty)
                _waiting.TryRemove(queue, out _);
        }
    }

    /// <summary>Their limits had no room for those that wait.</summary>
    /// <param name="queues">The queues.</param>
    /// <param name="changes">The changes before the claim: what has changed since then may have made room.</param>
    public void Filled(string[] queues, long changes)
    {
        if (Changes != changes)
            return;
        foreach (var queue in queues)
            _full[queue] = time.GetTimestamp();
        if (Changes != changes)
            Changed();
    }

    /// <summary>There may be room, or other jobs.</summary>
    public void Changed()
    {
        Interlocked.Increment(ref _changes);
        if (!_full.IsEmpty)
            _full.Clear();
    }

    private bool IsFull(string queue) => _full.TryGetValue(queue, out var since) && time.GetElapsedTime(since) < LongestFull;
}

/// <summary>What a claim does with jobs that have limits.</summary>
internal enum LimitedClaim
{
    /// <summary>Claims nothing when some wait: they may come before all others.</summary>
    Unknown,

    /// <summary>Claims them like others, under the lock of the limits.</summary>
    Considers,

    /// <summary>Claims others alone, as the limits have no room.</summary>
    PassesOver,
}
