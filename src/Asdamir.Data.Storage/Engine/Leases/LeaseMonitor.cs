using System.Diagnostics;
using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Engine.Leases;

/// <summary>
/// Decides which leases have ended, from the view of one process. Clocks jump and virtual machines are suspended, so the time in a row
/// is not sufficient: the row must also stay unchanged while this process renews its own lease in time, twice in a row. A process that
/// has ended is recognised sooner, by its <see cref="ILivenessLock"/>.
/// </summary>
/// <param name="interval">How often this process renews its lease and reads the others.</param>
/// <param name="ownTimeout">Its lease timeout, assumed for expired leases that name none; before they expire, such leases may have the
/// longest one.</param>
internal sealed class LeaseMonitor(TimeSpan interval, TimeSpan ownTimeout)
{
    private const int RenewalsInARow = 2;

    // A process that renews its lease is alive, whatever its lock says; in renewals.
    private const double Silence = 1.3;

    // Slightly less than two renewals of the observed process, so that the second read by a process with the same interval decides.
    private const double Patience = 0.3;

    // A process that has lost only its connection takes its lock again within this time.
    private static readonly TimeSpan TimeToTakeAgain = TimeSpan.FromMilliseconds(1_500);

    // After trouble of this process, which others may have as well, and for locks of a server that is gone.
    private static readonly TimeSpan TimeToRecover = TimeSpan.FromSeconds(10);

    private Dictionary<long, Seen> _seen = [];
    private long _lookedAt = Stopwatch.GetTimestamp();
    private (long At, long DatabaseTime, long? Server)? _lastRead;
    private long? _firstLookAt;
    private long? _restartedAt;

    /// <summary>
    /// Restarts the observation of all leases: this process could not renew its own, so others may have the same problem.
    /// </summary>
    public void Restart()
    {
        var now = Stopwatch.GetTimestamp();
        _lookedAt = now;
        _restartedAt = now;
        _seen = _seen.ToDictionary(static seen => seen.Key, seen => seen.Value with { WatchedSince = now, Renewals = 0, FreeSince = null });
    }

    /// <summary>Evaluates the leases of other processes.</summary>
    /// <param name="rows">The leases.</param>
    /// <param name="startedAt">When the read began, as <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="isRenewed">Whether this process renewed its own lease right before.</param>
    /// <returns>The leases that have ended, provided that their rows stay unchanged.</returns>
    public List<LeaseRow> Look(IReadOnlyList<LeaseRow> rows, long startedAt, bool isRenewed)
    {
        var now = Stopwatch.GetTimestamp();
        _firstLookAt ??= now;
        if (Stopwatch.GetElapsedTime(_lookedAt, now) > 2 * interval || IsAnotherClock(rows, now))
            Restart();
        _lookedAt = now;
        _seen = rows.ToDictionary(static row => row.Id, row => See(row, startedAt, isRenewed));
        return [.. rows.Where(row => IsOver(row, _seen[row.Id], now))];
    }

    private Seen See(LeaseRow row, long startedAt, bool isRenewed)
    {
        var seen = _seen.TryGetValue(row.Id, out var before) && before.ExpiresAt == row.ExpiresAt
            ? before with { Renewals = before.Renewals + (isRenewed ? 1 : 0) }
            : new Seen(row.ExpiresAt, startedAt, startedAt, 0, null);
        return seen with { FreeSince = row.IsLockFree ? seen.FreeSince ?? Stopwatch.GetTimestamp() : null };
    }

    private bool HasEnded(LeaseRow row, Seen seen, TimeSpan timeout, long now) =>
        seen.FreeSince is { } since
        && Stopwatch.GetElapsedTime(since, now) >= TimeToTakeAgain
        && Stopwatch.GetElapsedTime(seen.Since, now) >= Silence * LeaseKeeper.IntervalOf(timeout)
        && (row.IsLockOfThisServer || (_firstLookAt is { } first && Stopwatch.GetElapsedTime(first, now) >= TimeToRecover))
        && (_restartedAt is not { } restarted || Stopwatch.GetElapsedTime(restarted, now) >= TimeToRecover);

    // By the database's clock alone, a jump forwards would end the leases of live processes, and a jump backwards would keep those
    // of dead ones.
    private bool IsOver(LeaseRow row, Seen seen, long now)
    {
        TimeSpan? timeout = row.Timeout is { } micros
            ? Micros.ToTimeSpan(Math.Clamp(micros, Micros.Of(LeaseKeeper.ShortestTimeout), Micros.Of(LeaseKeeper.LongestTimeout)))
            : null;
        if (HasEnded(row, seen, timeout ?? LeaseKeeper.LongestTimeout, now))
            return true;
        var unchanged = Stopwatch.GetElapsedTime(seen.Since, now);
        return seen.Renewals >= RenewalsInARow && Stopwatch.GetElapsedTime(seen.WatchedSince, now) >= (timeout ?? ownTimeout) * Patience
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
                || (Micros.ToTimeSpan(read.DatabaseTime - last.DatabaseTime) - Stopwatch.GetElapsedTime(last.At, read.At))
                    .Duration() > interval);
        _lastRead = read;
        return isAnother;
    }

    /// <param name="ExpiresAt">The value of the row.</param>
    /// <param name="Since">Since when it is known to be unchanged.</param>
    /// <param name="WatchedSince">Since when this process has renewed its own lease in time while the row stayed unchanged.</param>
    /// <param name="Renewals">How often the own lease was renewed in time since then.</param>
    /// <param name="FreeSince">Since when its lock is known to be free.</param>
    private sealed record Seen(long ExpiresAt, long Since, long WatchedSince, int Renewals, long? FreeSince);
}
