using System.Diagnostics;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Threading;
using Hangfire.Logging;

namespace Asdamir.Data.Storage.Engine.Leases;

/// <summary>
/// The lease of this process, to which its claims and locks belong. When it is not renewed in time, or when the process has ended, any
/// other process ends it (see <see cref="LeaseMonitor"/>) and releases them. A dedicated thread renews it, also while a server drains.
/// </summary>
internal sealed class LeaseKeeper(SqlDatabase database, TimeSpan timeout) : ICommitLease, IDisposable
{
    private const int RenewalsPerTimeout = 6;
    private const int RoundsBetweenSweeps = 6;
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(5);

    // The processes with the oldest leases look at the others' more often than they renew: one could be dead as well.
    private const int CloseObservers = 2;
    private static readonly TimeSpan CloseLook = TimeSpan.FromSeconds(1);

    /// <summary>The permitted timeouts of a lease.</summary>
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    private readonly ILog _log = LogProvider.GetLogger(typeof(LeaseKeeper));
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly LeaseMonitor _watch = new(IntervalOf(timeout), timeout);
    private volatile bool _stopped;
    private volatile bool _renewSoon;
    private ILivenessLock? _liveness;
    private Thread? _thread;
    private Task _sweep = Task.CompletedTask;
    private long _lease;
    private bool _sweepSoon;

    /// <summary>Raised with the lease when it has ended although the process lives.</summary>
    public event Action<long>? LeaseLost;

    /// <summary>Raised every sixth renewal and soon after <see cref="SweepSoon"/>, with the lease, on a thread that may block.</summary>
    public event Action<long>? Sweeping;

    /// <summary>Raised after jobs of ended leases are in their queues again.</summary>
    public event Action? JobsReleased;

    private TimeSpan Interval => IntervalOf(timeout);

    /// <summary>How often a lease is renewed.</summary>
    public static TimeSpan IntervalOf(TimeSpan timeout) =>
        timeout / RenewalsPerTimeout < LongestInterval ? timeout / RenewalsPerTimeout : LongestInterval;

    public long Current()
    {
        if (Volatile.Read(ref _lease) is var lease and not 0)
            return lease;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            if (_lease == 0)
            {
                Volatile.Write(ref _lease, Open());
                if (_thread is null)
                {
                    _thread = new Thread(Run) { IsBackground = true, Name = "Job storage lease", Priority = ThreadPriority.AboveNormal };
                    _thread.UnsafeStart();
                }
            }
            return _lease;
        }
    }

    public bool IsCurrent(long lease) => Volatile.Read(ref _lease) == lease;

    public ICommitConnection OpenCommitConnection(long lease) =>
        new MeasuredCommits(database.OpenCommitConnection(lease), database.Telemetry);

    /// <summary>
    /// Requests a sweep after a lost response, when claims or locks may belong to the lease without a holder in this process.
    /// </summary>
    public void SweepSoon() => Volatile.Write(ref _sweepSoon, true);

    public void Lost(long lease)
    {
        if (Interlocked.CompareExchange(ref _lease, 0, lease) == lease)
        {
            _log.Warn(
                $"The lease {lease} of this process on {database.Description} has ended, because it was not renewed in time or the process "
                + "lost its connection. Its claimed jobs and locks were released for other processes.");
            database.Telemetry.LeaseLost();
            LeaseLost?.Invoke(lease);
        }
    }

    /// <summary>Ends the lease and releases its claims and locks at once.</summary>
    public void Dispose()
    {
        lock (_gate)
            _stopped = true;
        _wake.Set();
        _thread?.Join();
        _sweep.Wait();
        var hasEnded = _lease == 0 || EndOwn();
        var key = _liveness?.Key;
        _liveness?.Dispose();
        if (hasEnded && key is { } known)
            database.RemoveLivenessLock(known);
        _wake.Dispose();
    }

    private bool EndOwn()
    {
        try
        {
            Announce(Conflicts.Retry(database, () =>
            {
                using var session = database.ForLease(transactional: true);
                session.Timeout = Interval;
                session.Execute("DELETE FROM {s}lease WHERE id = @id", ("@id", _lease));
                var queues = GiveBack(session, [_lease], isLost: false);
                session.Commit();
                return queues;
            }));
            return true;
        }
        catch (Exception exception)
        {
            _log.DebugException("The lease could not be ended; other processes end it.", exception);
            return false;
        }
        finally
        {
            _lease = 0;
        }
    }

    private long Open()
    {
        using var session = database.ForLease();
        return session.Number(
            "INSERT INTO {s}lease (owner, expires_at, timeout) VALUES (@owner, {now} + @timeout, @timeout) RETURNING id",
            ("@owner", $"{Environment.MachineName}:{Environment.ProcessId}"), ("@timeout", Micros.Of(timeout)))!.Value;
    }

    private void Run() => BackgroundWork.Keep(Work, _log, "lease");

    private void Work()
    {
        _liveness ??= database.TakeLivenessLock(RenewSoon);
        _renewSoon |= _liveness.Key is not null;
        var renewedAt = Stopwatch.GetTimestamp();
        var looksClosely = false;
        var hasFailed = false;
        for (var round = 0; !_stopped;)
        {
            var isDue = _renewSoon || Stopwatch.GetElapsedTime(renewedAt) >= Interval;
            try
            {
                if (isDue)
                {
                    round++;
                    renewedAt = Stopwatch.GetTimestamp();
                    _renewSoon = false;
                    Renew();
                }
                if (Volatile.Read(ref _lease) is var lease and not 0)
                    looksClosely = EndOthers(lease, isDue, round);
                else
                    _watch.Restart();
                hasFailed = false;
            }
            catch (Exception exception)
            {
                _watch.Restart();
                if (!hasFailed)
                {
                    _log.WarnException(
                        $"The lease on {database.Description} could not be renewed; it is tried again until it succeeds.", exception);
                }
                hasFailed = true;
            }
            var untilRenewal = Interval - Stopwatch.GetElapsedTime(renewedAt);
            var pause = (looksClosely || hasFailed) && CloseLook < untilRenewal ? CloseLook : untilRenewal;
            if (pause > TimeSpan.Zero)
                _wake.WaitOne(pause);
            _renewSoon |= hasFailed;
        }
    }

    private void RenewSoon()
    {
        _renewSoon = true;
        _wake.Set();
    }

    /// <returns>Whether this process should look again before it renews its lease.</returns>
    private bool EndOthers(long lease, bool isRenewed, int round)
    {
        var (rows, over) = Watch(lease, isRenewed);
        var sweep = isRenewed && round % RoundsBetweenSweeps == 0;
        if (sweep || over.Count > 0)
            EndAndRelease(over);
        if ((sweep || (isRenewed && Volatile.Read(ref _sweepSoon))) && _sweep.IsCompleted)
            _sweep = Detached.Start(() => Task.Run(() => Sweep(lease)));
        return rows.Count > 1 && rows.Take(CloseObservers).Any(row => row.Id == lease);
    }

    private void EndAndRelease(IReadOnlyList<LeaseRow> over)
    {
        var (ended, queues) = Conflicts.Retry(database, () => End(over));
        foreach (var key in ended.Select(static lease => lease.LivenessKey).OfType<long>())
            database.RemoveLivenessLock(key);
        foreach (var lease in ended)
            database.Telemetry.LeaseEnded(byLock: lease.IsLockFree);
        Announce(queues);
        if (ended.Count > 0)
        {
            _log.Warn(
                $"{ended.Count} process(es) ended or stopped renewing their lease on {database.Description}; "
                + $"{queues.Count} claimed job(s) were released.");
        }
    }

    private void Announce(IReadOnlyList<string> queues)
    {
        if (queues.Count == 0)
            return;
        database.Notify([.. queues.Distinct(StringComparer.Ordinal)]);
        JobsReleased?.Invoke();
    }

    private void Renew()
    {
        if (Volatile.Read(ref _lease) is not (var lease and not 0))
            return;
        using var session = database.ForLease();
        // One connection that hangs must not cost the lease.
        session.Timeout = Interval;
        var isRenewed = session.Execute(
            "UPDATE {s}lease SET expires_at = {now} + @timeout, liveness_key = @key WHERE id = @id",
            ("@timeout", Micros.Of(timeout)), ("@key", _liveness?.Key), ("@id", lease)) == 1;
        database.Telemetry.Available();
        if (!isRenewed)
            Lost(lease);
    }

    private void Sweep(long lease)
    {
        Volatile.Write(ref _sweepSoon, false);
        try
        {
            Sweeping?.Invoke(lease);
        }
        catch (Exception exception)
        {
            _log.DebugException("Claims and locks without a holder could not be released; the release is retried.", exception);
        }
    }

    private (IReadOnlyList<LeaseRow> Rows, IReadOnlyList<LeaseRow> Over) Watch(long own, bool isRenewed)
    {
        using var session = database.ForLease();
        session.Timeout = Interval;
        var startedAt = Stopwatch.GetTimestamp();
        var rows = session.Query(
            $$"""
            SELECT id, expires_at, timeout, {now}, liveness_key, {{database.LivenessLockIsFree}}, {{database.LivenessServer}}
            FROM {s}lease
            ORDER BY id
            """,
            static row => new LeaseRow(
                row.GetInt64(0), row.GetInt64(1), row.NumberOrNull(2), row.GetInt64(3), row.NumberOrNull(4), row.GetBoolean(5),
                row.NumberOrNull(6)));
        return (rows, _watch.Look(rows, startedAt, isRenewed).FindAll(row => row.Id != own));
    }

    // A lease that was renewed since the read stays.
    private (IReadOnlyList<LeaseRow> Ended, IReadOnlyList<string> Queues) End(IReadOnlyList<LeaseRow> over)
    {
        using var session = database.ForLease(transactional: true);
        session.Timeout = Interval;
        LeaseRow[] ended = [.. over.Where(lease => session.Execute(
            "DELETE FROM {s}lease WHERE id = @id AND expires_at = @expires", ("@id", lease.Id), ("@expires", lease.ExpiresAt)) == 1)];
        var queues = GiveBack(session, [.. ended.Select(static lease => lease.Id)], isLost: true);
        session.Commit();
        return (ended, queues);
    }

    // Everything whose lease does not exist, including claims made at the moment a lease ended.
    private List<string> GiveBack(Session session, long[] ended, bool isLost)
    {
        if (ended.Length > 0)
            database.CloseCommitConnections(session, ended);
        session.Execute("DELETE FROM {s}lock WHERE NOT EXISTS (SELECT 1 FROM {s}lease WHERE {s}lease.id = {s}lock.lease_id)");
        return new ClaimReturns(database, session).ReturnOrphans(isLost);
    }
}
