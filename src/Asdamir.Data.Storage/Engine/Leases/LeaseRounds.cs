using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Engine.Leases;

/// <summary>
/// What the thread of a lease does again and again: it renews the lease, looks at the leases of others, and ends those that are over.
/// One round never waits for the next.
/// </summary>
internal sealed class LeaseRounds
{
    private const int RoundsBetweenReleases = 6;

    // What a lost response may have left is reported, and released soon. This is for what nothing reports.
    private const int RoundsBetweenSweeps = 6;

    // The processes with the oldest leases look at the others' in turns: one of them could be dead as well.
    private const int Observers = 2;

    // Connections of the pool that were closed in the meantime fail once.
    private const int ImmediateRetries = 2;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(1);

    private readonly StorageLog _log = new(typeof(LeaseRounds));
    private readonly JobDatabase _database;
    private readonly TimeProvider _time;
    private readonly LeaseTable _table;
    private readonly LeaseMonitor _monitor;
    private readonly TimeSpan _interval;
    private long _renewedAt;
    private int _round;
    private int _failures;
    private bool _leavesOrphans;

    public LeaseRounds(JobDatabase database, LeaseTable table, TimeSpan interval, TimeSpan timeout)
    {
        _database = database;
        _time = database.Time;
        _table = table;
        _interval = interval;
        _monitor = new LeaseMonitor(_time, interval, timeout);
        _renewedAt = _time.GetTimestamp();
    }

    /// <summary>Raised when the lease of this process has ended.</summary>
    public event Action<long>? Lost;

    /// <summary>
    /// Raised after a renewal, with whether it is a sixth one, after which claims and locks without a holder are released.
    /// </summary>
    public event Action<bool>? Renewed;

    /// <summary>Raised after a renewal that has seen waiting jobs.</summary>
    public event Action? JobsWait;

    /// <summary>Raised with the queues of jobs whose leases were ended.</summary>
    public event Action<IReadOnlyList<string>>? Released;

    /// <summary>Does what is due.</summary>
    /// <param name="lease">The lease of this process.</param>
    /// <param name="liveness">Its lock.</param>
    /// <param name="renews">Whether the lease is renewed although it is not due.</param>
    /// <returns>After which time the next round is due.</returns>
    public TimeSpan Next(long lease, ILivenessLock liveness, bool renews)
    {
        var startedAt = _time.GetTimestamp();
        try
        {
            var pause = Round(lease, liveness, renews || _failures > 0 || UntilRenewal <= TimeSpan.Zero);
            _failures = 0;
            _monitor.Plan(pause);
            return pause;
        }
        catch (Exception exception)
        {
            return PauseAfter(exception, _time.GetElapsedTime(startedAt));
        }
    }

    private TimeSpan UntilRenewal => _interval - _time.GetElapsedTime(_renewedAt);

    private TimeSpan Round(long lease, ILivenessLock liveness, bool renews)
    {
        var key = liveness.Key;
        var startedAt = _time.GetTimestamp();
        if (renews)
            _renewedAt = startedAt;
        var rows = renews ? _table.Renew(lease, key) : _table.Read();
        if (renews)
            _database.Telemetry.Available(startedAt);
        if (rows.FirstOrDefault(row => row.Id == lease) is not { } own)
        {
            _monitor.Restart();
            // Claims that were on their way when the lease ended.
            _leavesOrphans = true;
            Lost?.Invoke(lease);
            return TimeSpan.Zero;
        }
        if (own is { IsLockFree: true, LivenessKey: { } free })
            liveness.Replace(free);
        var verdict = _monitor.Look(rows, startedAt, renews);
        var isObserver = rows.Count > 1 && rows.Take(Observers).Contains(own);
        if (renews)
            _round++;
        var isReleaseDue = _leavesOrphans || (_round % RoundsBetweenReleases == 0 && (isObserver || rows.Count == 1));
        End([.. verdict.Over.Where(row => row.Id != lease)], releasesOthers: renews && isReleaseDue);
        if (renews)
            Renewed?.Invoke(_round % RoundsBetweenSweeps == 0);
        if (own.JobsWait)
            JobsWait?.Invoke();
        var pause = UntilRenewal;
        if (isObserver)
            pause = Shorter(pause, UntilTurn(own, isSecond: rows[0] != own));
        return Shorter(pause, verdict.LookAgainIn ?? pause);
    }

    private void End(IReadOnlyList<LeaseRow> over, bool releasesOthers)
    {
        if (over.Count == 0 && !releasesOthers)
            return;
        var (ended, queues, leavesOrphans) = _table.End(over);
        _leavesOrphans = leavesOrphans;
        foreach (var key in ended.Select(static lease => lease.LivenessKey).OfType<long>())
            _database.RemoveLivenessLock(key);
        foreach (var lease in ended)
            _database.Telemetry.LeaseEnded(byLock: lease.IsLockFree);
        Released?.Invoke(queues);
        if (ended.Count > 0)
        {
            _log.Warn(
                $"{ended.Count} process(es) ended or stopped renewing their lease on {_database.Description}; "
                + $"{queues.Count} claimed job(s) were released.");
        }
    }

    // By the database's time, so that the turns alternate.
    private static TimeSpan UntilTurn(LeaseRow own, bool isSecond)
    {
        var cycle = Micros.Of(Observers * Turn);
        var since = (own.ReadAt + (isSecond ? Micros.Of(Turn) : 0)) % cycle;
        return Micros.ToTimeSpan(cycle - since);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private TimeSpan PauseAfter(Exception exception, TimeSpan duration)
    {
        _failures++;
        if (_failures <= ImmediateRetries && duration < OutagePause)
            return TimeSpan.Zero;
        _monitor.Restart();
        if (_failures == ImmediateRetries + 1)
        {
            _log.WarnException(
                $"The lease on {_database.Description} could not be renewed; it is tried again until it succeeds.", exception);
        }
        // A failure that takes long is one already.
        _failures = Math.Max(_failures, ImmediateRetries + 1);
        return OutagePause;
    }
}
