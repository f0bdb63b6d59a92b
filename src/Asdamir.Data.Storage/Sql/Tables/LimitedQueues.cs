using System.Collections.Concurrent;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// What this process knows of jobs with limits. A claim that considers them waits for those of other processes, so it is made only where
/// such jobs wait, and not again before something may have changed: a limited job has ended, another one was added, or a rate has room
/// again.
/// </summary>
internal sealed class LimitedQueues(TimeProvider time)
{
    // For changes that were not announced.
    private static readonly TimeSpan LongestFull = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, byte> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _full = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _rooms = new(StringComparer.Ordinal);
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
            {
                _waiting.TryRemove(queue, out _);
                _rooms.TryRemove(queue, out _);
            }
        }
    }

    /// <summary>Sets when a rate has room for one that waits, as a claim has found it.</summary>
    /// <param name="queues">The queues.</param>
    /// <param name="after">After which time; <see langword="null"/> when no job waits for a rate alone.</param>
    public void RoomComes(IReadOnlyList<string> queues, TimeSpan? after)
    {
        foreach (var queue in queues)
        {
            if (after is { } left)
                _rooms[queue] = At(left);
            else if (!_rooms.IsEmpty)
                _rooms.TryRemove(queue, out _);
        }
    }

    /// <summary>After which time a rate of one of the queues has room again, as far as it is known.</summary>
    /// <returns>Zero or more; <see langword="null"/> when no job is known to wait for a rate.</returns>
    public TimeSpan? UntilRoom(IReadOnlyList<string> queues)
    {
        if (_rooms.IsEmpty)
            return null;
        TimeSpan? least = null;
        foreach (var queue in queues)
        {
            if (_rooms.TryGetValue(queue, out var at) && Until(at) is var left && !(left >= least))
                least = left;
        }
        return least;
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

    private bool IsFull(string queue) =>
        _full.TryGetValue(queue, out var since)
        && time.GetElapsedTime(since) < LongestFull
        && !(_rooms.TryGetValue(queue, out var at) && Until(at) == TimeSpan.Zero);

    private long At(TimeSpan after) => time.GetTimestamp() + (long)(after.TotalSeconds * time.TimestampFrequency);

    private TimeSpan Until(long at)
    {
        var left = time.GetElapsedTime(time.GetTimestamp(), at);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
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
