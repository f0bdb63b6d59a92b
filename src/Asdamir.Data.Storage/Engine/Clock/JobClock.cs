using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Engine.Locks;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Engine.Clock;

/// <summary>
/// Waits for the moment at which the next jobs are due. It sleeps until then, is woken by what is scheduled for an earlier moment, in this
/// process or another one, and reads from time to time, because a wake-up can be lost and the database's time can jump. Only the keeper,
/// the process that holds a named lock, acts at once, so that a job that is due does not wake all processes of a schema. The others act
/// when the keeper does not, and take the lock when it is free. Nothing else depends on the lock: what starts a job is atomic.
/// </summary>
internal sealed class JobClock : IDisposable
{
    // How long a keeper may take before another process acts.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly StorageLog _log = new(typeof(JobClock));
    private readonly JobDatabase _database;
    private readonly LeaseKeeper _leases;
    private readonly StorageLocks _locks;
    private readonly ClockPace _pace;
    private readonly long _startedAt;
    private readonly object _gate = new();
    private readonly DueTime _delayed = new(double.MinValue);
    // Below zero it is paused or disabled.
    private readonly DueTime _recurring = new(-0.5);
    private IDisposable? _watch;
    private NamedLock? _keeper;
    private TimeSpan _lastRead = TimeSpan.MinValue;
    private TimeSpan _nextRead = TimeSpan.MinValue;
    private bool _isReading;
    private bool _hasFailed;

    public JobClock(JobDatabase database, LeaseKeeper leases, StorageLocks locks, ClockPace pace)
    {
        _database = database;
        _startedAt = database.Time.GetTimestamp();
        _leases = leases;
        _locks = locks;
        _pace = pace;
        leases.LeaseLost += Forget;
    }

    private TimeSpan Elapsed => _database.Time.GetElapsedTime(_startedAt);

    /// <summary>Waits until jobs are due that this process should start.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public void WaitUntilDue(DueJobs jobs, CancellationToken stop)
    {
        using var registration = stop.UnsafeRegister(static clock => ((JobClock)clock!).Pulse(), this);
        var due = Of(jobs);
        Begin(due);
        while (!stop.IsCancellationRequested)
        {
            if (AwaitChange(due, stop) is not { } isDue)
                continue;
            if (isDue)
                return;
            Read();
        }
        Leave();
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Some of the jobs that are due have started.</summary>
    public void Progress(DueJobs jobs)
    {
        lock (_gate)
            Of(jobs).Progress();
    }

    /// <summary>A transaction of this process is committed.</summary>
    public void Committed(WriteSet set)
    {
        foreach (var write in set.Data)
        {
            if (ScheduledWrites.KindOf(write) is { } jobs)
                Scheduled(Of(jobs), write.Score);
        }
    }

    public void Dispose()
    {
        _leases.LeaseLost -= Forget;
        _watch?.Dispose();
    }

    private DueTime Of(DueJobs jobs) => jobs == DueJobs.Delayed ? _delayed : _recurring;

    private void Begin(DueTime due)
    {
        lock (_gate)
        {
            _watch ??= _database.WatchClock(Changed);
            if (!due.IsBeingTried)
                return;
            due.EndTry();
            _nextRead = TimeSpan.MinValue;
        }
    }

    /// <returns>Whether jobs are due, or the database has to be read; <see langword="null"/> when something has changed.</returns>
    private bool? AwaitChange(DueTime due, CancellationToken stop)
    {
        lock (_gate)
        {
            var now = Elapsed;
            if (_keeper is null ? due.IsOverdueBy(Grace) : due.At <= now)
            {
                due.Try();
                return true;
            }
            if (due.RetryAt <= now)
            {
                due.Include();
                _nextRead = TimeSpan.MinValue;
            }
            if (_nextRead <= now && !_isReading)
            {
                _isReading = true;
                _lastRead = now;
                _nextRead = TimeSpan.MaxValue;
                return false;
            }
            if (!stop.IsCancellationRequested)
                _database.Time.Wait(_gate, Pause(due, now));
            return null;
        }
    }

    private TimeSpan Pause(DueTime due, TimeSpan now)
    {
        var until = due.RetryAt;
        if (_keeper is not null && due.At < until)
            until = due.At;
        if (!_isReading && _nextRead < until)
            until = _nextRead;
        // Rounded up, as a wait ends a little early.
        return until - now > LongestPause ? LongestPause : until - now + Tick;
    }

    private void Read()
    {
        try
        {
            var reading = ClockReading.Read(_database, _delayed.After, _recurring.After);
            var taken = reading.Keeper is null ? _locks.TryAcquire(ClockReading.KeeperLock) : null;
            Apply(reading, taken);
            _hasFailed = false;
        }
        catch (JobStorageUnavailableException exception)
        {
            if (!_hasFailed)
                _log.WarnException($"The times of scheduled jobs of {_database.Description} cannot be read; it is tried again.", exception);
            _hasFailed = true;
        }
        finally
        {
            lock (_gate)
            {
                // After a failure nothing is planned yet.
                Plan(OutagePause);
                _isReading = false;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Apply(ClockReading reading, NamedLock? taken)
    {
        lock (_gate)
        {
            var now = Elapsed;
            if (reading.Keeper != _keeper?.LeaseId || taken is not null)
                Keep(taken);
            var isLeftOut = _delayed.Set(reading.Delayed, reading.Now, now, _pace.Pending);
            isLeftOut |= _recurring.Set(reading.Recurring, reading.Now, now, _pace.Pending);
            Plan(isLeftOut ? TimeSpan.Zero : UntilNextRead(now));
        }
    }

    private TimeSpan UntilNextRead(TimeSpan now)
    {
        if (!_delayed.IsPending && !_recurring.IsPending)
            return _database.WakesOthers ? _pace.Quiet : _pace.Pending;
        if (_keeper is not null || !_database.WakesOthers)
            return _pace.Pending;
        // Others look whether the keeper has acted.
        var next = _delayed.At < _recurring.At ? _delayed.At : _recurring.At;
        return next > now + _pace.Quiet ? _pace.Quiet
            : next + Grace > now + _pace.Pending ? next + Grace - now
            : _pace.Pending;
    }

    private void Keep(NamedLock? keeper)
    {
        _keeper = keeper;
        _database.KeepsClock = keeper is not null;
    }

    // A wake-up in the meantime asks for a reading at once.
    private void Plan(TimeSpan pause)
    {
        lock (_gate)
        {
            if (_nextRead == TimeSpan.MaxValue)
                _nextRead = Elapsed + pause;
        }
    }

    // Another process may have scheduled something, or have stopped to be the keeper.
    private void Changed()
    {
        lock (_gate)
        {
            var soon = _keeper is null && _lastRead > TimeSpan.MinValue ? _lastRead + Grace : TimeSpan.MinValue;
            if (soon < _nextRead)
                _nextRead = soon;
            Monitor.PulseAll(_gate);
        }
    }

    private void Scheduled(DueTime due, double score)
    {
        lock (_gate)
        {
            if (_keeper is null || !due.Add(score))
                return;
            _nextRead = TimeSpan.MinValue;
            Monitor.PulseAll(_gate);
        }
    }

    private void Pulse()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    private void Forget(long lease)
    {
        lock (_gate)
        {
            if (_keeper?.LeaseId != lease)
                return;
            Keep(null);
            _nextRead = TimeSpan.MinValue;
            Monitor.PulseAll(_gate);
        }
    }

    // Another process takes over at once.
    private void Leave()
    {
        NamedLock? left;
        lock (_gate)
        {
            left = _keeper;
            Keep(null);
            _nextRead = TimeSpan.MinValue;
        }
        if (left is null)
            return;
        _locks.Release(left);
        _database.WakeClocks();
    }
}
