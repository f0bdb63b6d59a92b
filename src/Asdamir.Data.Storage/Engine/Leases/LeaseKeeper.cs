using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Engine.Leases;

/// <summary>
/// The lease of this process, to which its claims and locks belong. When it is not renewed in time, or when the process has ended, any
/// other process ends it (see <see cref="LeaseMonitor"/>) and releases them. A dedicated thread renews it, also while a server drains.
/// </summary>
internal sealed class LeaseKeeper : ICommitLease, IDisposable
{
    private const int RenewalsPerTimeout = 6;
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(5);

    /// <summary>The permitted timeouts of a lease.</summary>
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    private readonly StorageLog _log = new(typeof(LeaseKeeper));
    private readonly object _gate = new();
    private readonly JobDatabase _database;
    private readonly LeaseTable _table;
    private readonly LeaseRounds _rounds;
    private ILivenessLock? _liveness;
    private Thread? _thread;
    private Task _sweep = Task.CompletedTask;
    private long _lease;
    private bool _stopped;
    private bool _renewSoon;
    private bool _sweepSoon;
    private bool _isSweepDue;

    public LeaseKeeper(JobDatabase database, TimeSpan timeout, EnqueuedData enqueued)
    {
        var interval = timeout / RenewalsPerTimeout < LongestInterval ? timeout / RenewalsPerTimeout : LongestInterval;
        Interval = interval;
        _database = database;
        _table = new LeaseTable(database, timeout, interval, enqueued);
        _rounds = new LeaseRounds(database, _table, interval, timeout);
        _rounds.Lost += Lost;
        _rounds.Released += Announce;
        _rounds.JobsWait += () => JobsWait?.Invoke();
        _rounds.Renewed += isSweepDue => _isSweepDue = isSweepDue || Volatile.Read(ref _sweepSoon);
    }

    /// <summary>Raised with the lease when it has ended although the process lives.</summary>
    public event Action<long>? LeaseLost;

    /// <summary>Raised every sixth renewal and soon after <see cref="SweepSoon"/>, with the lease, on a thread that may block.</summary>
    public event Action<long>? Sweeping;

    /// <summary>How often the lease is renewed.</summary>
    public TimeSpan Interval { get; }

    /// <summary>Raised after a renewal that has seen waiting jobs: their announcement may have been lost.</summary>
    public event Action? JobsWait;

    /// <summary>Raised after jobs of ended leases are in their queues again.</summary>
    public event Action? JobsReleased;

    public long Current()
    {
        if (Volatile.Read(ref _lease) is var lease and not 0)
            return lease;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            if (_lease == 0)
            {
                Volatile.Write(ref _lease, _table.Open());
                Begin();
            }
            return _lease;
        }
    }

    public bool IsCurrent(long lease) => Volatile.Read(ref _lease) == lease;

    public ICommitConnection OpenCommitConnection(long lease) =>
        new MeasuredCommits(_database.OpenCommitConnection(lease), _database.Telemetry);

    /// <summary>
    /// Requests a sweep after a lost response, when claims or locks may belong to the lease without a holder in this process.
    /// </summary>
    public void SweepSoon() => Volatile.Write(ref _sweepSoon, true);

    public void Lost(long lease)
    {
        if (Interlocked.CompareExchange(ref _lease, 0, lease) == lease)
        {
            _log.Warn(
                $"The lease {lease} of this process on {_database.Description} has ended, because it was not renewed in time or the "
                + "process lost its connection. Its claimed jobs and locks were released for other processes.");
            _database.Telemetry.LeaseLost();
            LeaseLost?.Invoke(lease);
        }
    }

    /// <summary>Ends the lease and releases its claims and locks at once.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        _thread?.Join();
        _sweep.Wait();
        var hasEnded = _lease == 0 || EndOwn();
        var key = _liveness?.Key;
        _liveness?.Dispose();
        if (hasEnded && key is { } known)
            _database.RemoveLivenessLock(known);
    }

    private void Begin()
    {
        if (_thread is not null)
        {
            // The new row does not name the liveness lock yet.
            RenewSoon();
            return;
        }
        _thread = new Thread(Run) { IsBackground = true, Name = "Job storage lease", Priority = ThreadPriority.AboveNormal };
        _thread.UnsafeStart();
    }

    private bool EndOwn()
    {
        try
        {
            Announce(_table.EndOwn(_lease));
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

    private void Run() => BackgroundWork.Keep(Work, _log, "lease");

    private void Work()
    {
        _liveness ??= _database.TakeLivenessLock(RenewSoon);
        if (_liveness.Key is not null)
            RenewSoon();
        for (var pause = TimeSpan.Zero; AwaitRound(pause, out var lease, out var renews);)
        {
            pause = _rounds.Next(lease, _liveness, renews);
            if (_isSweepDue && _sweep.IsCompleted)
                _sweep = Detached.Start(() => Task.Run(() => Sweep(lease)));
            _isSweepDue = false;
        }
    }

    /// <returns>Whether there is a next round: otherwise the storage is closed.</returns>
    private bool AwaitRound(TimeSpan pause, out long lease, out bool renews)
    {
        lock (_gate)
        {
            lease = Volatile.Read(ref _lease);
            // Pulses may have come during the last round.
            if (!_stopped && !_renewSoon && pause > TimeSpan.Zero)
                _database.Time.Wait(_gate, pause);
            while (!_stopped && (lease = Volatile.Read(ref _lease)) == 0)
                Monitor.Wait(_gate);
            renews = _renewSoon;
            _renewSoon = false;
            return !_stopped;
        }
    }

    private void RenewSoon()
    {
        lock (_gate)
        {
            _renewSoon = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Announce(IReadOnlyList<string> queues)
    {
        if (queues.Count == 0)
            return;
        _database.Notify([.. queues.Distinct(StringComparer.Ordinal)]);
        JobsReleased?.Invoke();
    }

    private void Sweep(long lease)
    {
        Volatile.Write(ref _sweepSoon, false);
        foreach (var release in Delegate.EnumerateInvocationList(Sweeping))
        {
            try
            {
                release(lease);
            }
            catch (Exception exception)
            {
                SweepSoon();
                _log.DebugException("Claims or locks without a holder could not be released; the release is retried.", exception);
            }
        }
    }
}
