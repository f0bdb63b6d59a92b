using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Leases;

/// <summary>
/// Decides which leases have ended, from the view of one process. Clocks jump and virtual machines are suspended, so the time in a row
/// is not sufficient: the row must also stay unchanged while this process renews its own lease in time, twice in a row. A process that
/// has ended is recognised sooner, by its <see cref="ILivenessLock"/>: its lock stays free, and its row unchanged.
/// </summary>
/// <param name="time">Measures durations.</param>
/// <param name="interval">How often this process renews its lease and reads the others.</param>
/// <param name="ownTimeout">Its lease timeout, assumed for expired leases that name none; before they expire, such leases may have the
/// longest one.</param>
internal sealed class LeaseMonitor(TimeProvider time, TimeSpan interval, TimeSpan ownTimeout)
{
    private const int RenewalsInARow = 2;

    // Slightly less than two renewals of the observed process, so that the second read by a process with the same interval decides.
    private const double Patience = 0.3;

    // A process that has lost only its connection renews its lease at once, and takes another lock, within a fraction of this time.
    private static readonly TimeSpan TimeToTakeAgain = TimeSpan.FromMilliseconds(1_500);

    // Without a connection between a process and its lock, a free lock means that the process has ended, whatever trouble there was.
    private static readonly TimeSpan TimeToLookAgain = TimeSpan.FromMilliseconds(500);

    // After trouble of this process, which others may have as well, and for locks of a server that is gone.
    private static readonly TimeSpan TimeToRecover = TimeSpan.FromSeconds(10);

    // Who looks so much later than planned stood still, and others may have as well: they get their time once more.
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(1);

    private Dictionary<long, Seen> _seen = [];
    private long _lookedAt = time.GetTimestamp();
    private TimeSpan _longestPause = Timeout.InfiniteTimeSpan;
    private bool _isAfterTrouble;
    private (long At, long DatabaseTime, long? Server)? _lastRead;

    /// <summary>
    /// Restarts the observation of all leases: this process could not renew its own, so others may have the same problem. Until a process
    /// renews its lease, it has more time.
    /// </summary>
    public void Restart()
    {
        _isAfterTrouble = true;
        var now = time.GetTimestamp();
        _lookedAt = now;
        _longestPause = Timeout.InfiniteTimeSpan;
        _seen = _seen.ToDictionary(
            static seen => seen.Key,
            seen => seen.Value with
            {
                WatchedSince = now,
                Renewals = 0,
                FreeSince = null,
                IsAfterTrouble = true,
                HasMoreTime = false,
            });
    }

    /// <summary>This process looks again after this time, unless it is woken before.</summary>
    public void Plan(TimeSpan pause)
    {
        _lookedAt = time.GetTimestamp();
        _longestPause = pause;
    }

    /// <summary>Evaluates the leases of other processes.</summary>
    /// <param name="rows">The leases.</param>
    /// <param name="startedAt">When the read began, as a timestamp of the time provider.</param>
    /// <param name="isRenewed">Whether this process renewed its own lease right before.</param>
    public LeaseVerdict Look(IReadOnlyList<LeaseRow> rows, long startedAt, bool isRenewed)
    {
        var now = time.GetTimestamp();
        var pause = time.GetElapsedTime(_lookedAt, startedAt);
        if (pause > 2 * interval || IsAnotherClock(rows, now))
            Restart();
        else if (_longestPause >= TimeSpan.Zero && pause > _longestPause + Standstill)
            _seen = _seen.ToDictionary(static seen => seen.Key, static seen => WithMoreTime(seen.Value));
        _lookedAt = now;
        _seen = rows.ToDictionary(static row => row.Id, row => See(row, startedAt, now, isRenewed));
        _isAfterTrouble = false;
        return new LeaseVerdict(
            [.. rows.Where(row => IsOver(row, _seen[row.Id], startedAt))],
            rows.Select(row => UntilEnded(row, _seen[row.Id], startedAt)).Where(static left => left > TimeSpan.Zero).Min());
    }

    private Seen See(LeaseRow row, long startedAt, long now, bool isRenewed)
    {
        var seen = _seen.TryGetValue(row.Id, out var before) && before.ExpiresAt == row.ExpiresAt
            ? before with { Renewals = before.Renewals + (isRenewed ? 1 : 0) }
            // What the first look after trouble sees for the first time may have been written before it.
            : new Seen(row.ExpiresAt, startedAt, startedAt, 0, null, _isAfterTrouble, HasMoreTime: false);
        return row.IsLockFree
            ? seen with { FreeSince = seen.FreeSince ?? now }
            : seen with { FreeSince = null, HasMoreTime = false };
    }

    // Once only: an observer that gets too little processor would never judge.
    private static Seen WithMoreTime(Seen seen) =>
        seen is { FreeSince: not null, HasMoreTime: false } ? seen with { FreeSince = null, HasMoreTime = true } : seen;

    // How long its lock must stay free, and its row unchanged, until it has ended; null while the lock is held.
    private TimeSpan? UntilEnded(LeaseRow row, Seen seen, long startedAt)
    {
        if (seen.FreeSince is not { } since)
            return null;
        var needed = row.Server is null ? TimeToLookAgain
            : seen.IsAfterTrouble || !row.IsLockOfThisServer ? TimeToRecover
            : TimeToTakeAgain;
        return needed - time.GetElapsedTime(since, startedAt);
    }

    // By the database's clock alone, a jump forwards would end the leases of live processes, and a jump backwards would keep those
    // of dead ones. What counts is when the read began: the row may have changed since it was read.
    private bool IsOver(LeaseRow row, Seen seen, long startedAt)
    {
        if (UntilEnded(row, seen, startedAt) <= TimeSpan.Zero)
            return true;
        TimeSpan? timeout = row.Timeout is { } micros
            ? Micros.ToTimeSpan(Math.Clamp(micros, Micros.Of(LeaseKeeper.ShortestTimeout), Micros.Of(LeaseKeeper.LongestTimeout)))
            : null;
        var unchanged = time.GetElapsedTime(seen.Since, startedAt);
        return seen.Renewals >= RenewalsInARow && time.GetElapsedTime(seen.WatchedSince, startedAt) >= (timeout ?? ownTimeout) * Patience
            && (row.ExpiresAt < row.ReadAt || unchanged >= (timeout ?? LeaseKeeper.LongestTimeout));
    }

    // A jump of the database's clock, or another server: restarted, or a standby that became the primary.
    private bool IsAnotherClock(IReadOnlyList<LeaseRow> rows, long now)
    {
        if (rows.Count == 0)
            return false;
        var read = (At: now, DatabaseTime: rows[0].ReadAt, rows[0].Server);
        var isAnother = _lastRead is { } last
            && (read.Server != last.Server
                || (Micros.ToTimeSpan(read.DatabaseTime - last.DatabaseTime) - time.GetElapsedTime(last.At, read.At))
                    .Duration() > interval);
        _lastRead = read;
        return isAnother;
    }

    /// <param name="ExpiresAt">The value of the row.</param>
    /// <param name="Since">Since when it is known to be unchanged.</param>
    /// <param name="WatchedSince">Since when this process has renewed its own lease in time while the row stayed unchanged.</param>
    /// <param name="Renewals">How often the own lease was renewed in time since then.</param>
    /// <param name="FreeSince">Since when its lock is known to be free, while the row stayed unchanged.</param>
    /// <param name="IsAfterTrouble">Whether this process may have had trouble since the row changed.</param>
    /// <param name="HasMoreTime">Whether the lock was free before this process stood still.</param>
    private sealed record Seen(
        long ExpiresAt, long Since, long WatchedSince, int Renewals, long? FreeSince, bool IsAfterTrouble, bool HasMoreTime);
}
