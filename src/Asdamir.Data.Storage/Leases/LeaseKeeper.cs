using System.Diagnostics;
using Asdamir.Data.Storage.Database;
using Asdamir.Data.Storage.Writes;
using Hangfire.Logging;

namespace Asdamir.Data.Storage.Leases;

/// <summary>
/// The lease of this process, to which its claims and locks belong. When it is not renewed in time, any other process ends it
/// (see <see cref="LeaseMonitor"/>) and releases them. A dedicated thread renews it, also while a server drains.
/// </summary>
internal sealed class LeaseKeeper(SqlDatabase database, TimeSpan timeout) : IDisposable
{
    private const int RenewalsPerTimeout = 6;
    private const int RoundsBetweenSweeps = 6;

    /// <summary>The permitted timeouts of a lease.</summary>
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    private readonly ILog _log = LogProvider.GetLogger(typeof(LeaseKeeper));
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _stop = new(false);
    private readonly LeaseMonitor _watch = new(timeout / RenewalsPerTimeout, timeout);
    private Thread? _thread;
    private Task _sweep = Task.CompletedTask;
    private long _lease;
    private bool _sweepSoon;

    /// <summary>Raised with the lease when it has ended although the process lives.</summary>
    public event Action<long>? LeaseLost;

    /// <summary>Raised about once per timeout and soon after <see cref="SweepSoon"/>, with the lease, on a thread that may block.</summary>
    public event Action<long>? Sweeping;

    private TimeSpan Interval => timeout / RenewalsPerTimeout;

    /// <summary>The lease of this process, opened when there is none.</summary>
    public long Current()
    {
        if (Volatile.Read(ref _lease) is var lease and not 0)
            return lease;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsSet, this);
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

    public ICommitConnection OpenCommitConnection(long lease) => database.OpenCommitConnection(lease);

    /// <summary>
    /// Requests a sweep after a lost response, when claims or locks may belong to the lease without a holder in this process.
    /// </summary>
    public void SweepSoon() => Volatile.Write(ref _sweepSoon, true);

    public void Lost(long lease)
    {
        if (Interlocked.CompareExchange(ref _lease, 0, lease) == lease)
        {
            _log.Warn(
                $"The lease {lease} of this process on {database.Description} has ended, because it was not renewed within {timeout}. "
                    + "Its claimed jobs and locks were released for other processes.");
            LeaseLost?.Invoke(lease);
        }
    }

    /// <summary>Ends the lease and releases its claims and locks at once.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _sweep.Wait();
        if (_lease == 0)
            return;
        try
        {
            Conflicts.Retry(database, () =>
            {
                using var session = database.ForLease(transactional: true);
                session.Timeout = Interval;
                session.Execute("DELETE FROM {s}lease WHERE id = @id", ("@id", _lease));
                GiveBack(session, [_lease]);
                session.Commit();
                return true;
            });
        }
        catch (Exception exception)
        {
            _log.DebugException("The lease could not be ended; it will expire.", exception);
        }
        _lease = 0;
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
        for (var round = 0; ; round++)
        {
            try
            {
                // The lease was opened just before the first round.
                if (round > 0)
                    Renew();
                if (Volatile.Read(ref _lease) is var lease and not 0)
                    EndOthers(lease, round);
                else
                    _watch.Restart();
            }
            catch (Exception exception)
            {
                _watch.Restart();
                _log.WarnException(
                    $"The lease on {database.Description} could not be renewed; the next attempt is in {Interval}.", exception);
            }
            if (_stop.Wait(Interval))
                return;
        }
    }

    private void EndOthers(long lease, int round)
    {
        var over = Watch();
        var sweep = round > 0 && round % RoundsBetweenSweeps == 0;
        if (sweep || over.Count > 0)
        {
            var (leases, jobs) = Conflicts.Retry(database, () => End(over));
            if (leases > 0)
            {
                _log.Warn(
                    $"{leases} process(es) stopped renewing their lease on {database.Description}; {jobs} claimed job(s) were released.");
            }
        }
        if ((sweep || (round > 0 && Volatile.Read(ref _sweepSoon))) && _sweep.IsCompleted)
            _sweep = Detached.Start(() => Task.Run(() => Sweep(lease)));
    }

    private void Renew()
    {
        if (Volatile.Read(ref _lease) is not (var lease and not 0))
            return;
        using var session = database.ForLease();
        // One connection that hangs must not cost the lease.
        session.Timeout = Interval;
        if (session.Execute(
            "UPDATE {s}lease SET expires_at = {now} + @timeout WHERE id = @id", ("@timeout", Micros.Of(timeout)), ("@id", lease)) == 0)
        {
            Lost(lease);
        }
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

    private List<LeaseRow> Watch()
    {
        using var session = database.ForLease();
        session.Timeout = Interval;
        var startedAt = Stopwatch.GetTimestamp();
        var rows = session.Query(
            "SELECT id, expires_at, timeout, {now} FROM {s}lease ORDER BY id",
            static row => new LeaseRow(row.GetInt64(0), row.GetInt64(1), row.NumberOrNull(2), row.GetInt64(3)));
        return _watch.Look(rows, startedAt);
    }

    // A lease that was renewed since the read stays.
    private (int Leases, int Runs) End(List<LeaseRow> over)
    {
        using var session = database.ForLease(transactional: true);
        session.Timeout = Interval;
        var ended = over
            .Where(lease =>
                session.Execute(
                    "DELETE FROM {s}lease WHERE id = @id AND expires_at = @expires", ("@id", lease.Id), ("@expires", lease.ExpiresAt)) == 1)
            .Select(static lease => lease.Id).ToArray();
        var givenBack = GiveBack(session, ended);
        session.Commit();
        return (ended.Length, givenBack);
    }

    // Everything whose lease does not exist, including claims made at the moment a lease ended.
    private int GiveBack(Session session, long[] ended)
    {
        if (ended.Length > 0)
            database.CloseCommitConnections(session, ended);
        session.Execute("DELETE FROM {s}lock WHERE NOT EXISTS (SELECT 1 FROM {s}lease WHERE {s}lease.id = {s}lock.lease_id)");
        return session.Execute("""
            UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL
            WHERE claimed_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {s}lease WHERE {s}lease.id = {s}queue.claimed_by)
            """);
    }
}
