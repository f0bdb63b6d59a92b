using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sql.Tables;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>
/// Processes that renew their leases and hold locks as the real ones do, in a time that the test advances, and an observer that judges
/// them with the real <see cref="LeaseMonitor"/>.
/// </summary>
internal sealed class ModelLeases
{
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly LeaseMonitor _monitor;
    private readonly TimeSpan _betweenLooks;
    private readonly List<Process> _processes;
    private readonly List<Process> _ended = [];
    private long _server = 1;
    private long _lastKey;
    private TimeSpan _now;
    private TimeSpan _jumps;
    private TimeSpan _lookAt;
    private TimeSpan _renewAt;
    private TimeSpan _isUpFrom;
    private TimeSpan _observerRunsFrom;

    public ModelLeases(int processes, TimeSpan betweenLooks)
    {
        _monitor = new LeaseMonitor(_time, Interval, Timeout);
        _betweenLooks = betweenLooks;
        _processes = [.. Enumerable.Range(1, processes).Select(id => new Process(id))];
        foreach (var process in _processes)
        {
            Take(process);
            process.RenewAt = Tick * process.Id;
        }
    }

    /// <summary>Living processes whose leases were ended.</summary>
    public IEnumerable<long> EndedAlive => _ended.Where(static process => process.DiedAt is null).Select(static process => process.Id);

    /// <summary>When processes died, whether their leases named a lock then, and when their leases were ended.</summary>
    public IEnumerable<(TimeSpan DiedAt, bool HadLock, TimeSpan? EndedAt)> Deaths =>
        _processes.Concat(_ended).Where(static process => process.DiedAt is not null)
            .Select(static process => (process.DiedAt!.Value, process.Key is not null, process.EndedAt));

    /// <summary>When the last fault other than a death ended.</summary>
    public TimeSpan LastFaultAt { get; private set; }

    public void Run(TimeSpan duration)
    {
        for (var end = _now + duration; _now < end;)
        {
            Advance(Tick);
            foreach (var process in _processes)
                Live(process);
            Observe();
        }
    }

    /// <summary>The operating system releases all that it had.</summary>
    public void Kill(int process)
    {
        if (Alive(process) is not { } victim)
            return;
        victim.DiedAt = _now;
        victim.IsLocked = false;
    }

    /// <summary>The process notices it after a moment.</summary>
    public void LoseConnection(int process, TimeSpan noticed)
    {
        if (Alive(process) is not { } victim || victim.RunsFrom > _now)
            return;
        victim.IsLocked = false;
        victim.TakesAt = Later(victim.TakesAt, _now + noticed);
        Fault(noticed);
    }

    /// <summary>Its connections stay open.</summary>
    public void Suspend(int process, TimeSpan duration)
    {
        if (Alive(process) is not { } victim || victim.RunsFrom > _now || !victim.IsLocked)
            return;
        victim.RunsFrom = _now + duration;
        Fault(duration);
    }

    /// <summary>All connections are lost. The longer it lasts, the longer the pauses between the attempts to connect.</summary>
    public void Outage(TimeSpan duration, bool restarts)
    {
        _isUpFrom = Later(_isUpFrom, _now + duration);
        if (restarts)
            _server++;
        foreach (var process in _processes.Where(static process => process.DiedAt is null))
        {
            process.IsLocked = false;
            process.RunsFrom = _now;
            process.TakesAt = Later(process.TakesAt, _isUpFrom + Shorter(duration / 2, RetryPause * process.Id));
        }
        Fault(duration);
    }

    /// <summary>As a machine that swaps, or is suspended.</summary>
    public void StandStill(TimeSpan duration)
    {
        Advance(duration);
        Fault(TimeSpan.Zero);
    }

    public void Jump(TimeSpan jump)
    {
        _jumps += jump;
        Fault(TimeSpan.Zero);
    }

    private bool IsUp => _now >= _isUpFrom;

    private Process? Alive(int index)
    {
        var living = _processes.FindAll(static process => process.DiedAt is null);
        return living.Count == 0 ? null : living[index % living.Count];
    }

    private void Advance(TimeSpan duration)
    {
        _now += duration;
        _time.Advance(duration);
    }

    private void Fault(TimeSpan duration)
    {
        LastFaultAt = Later(LastFaultAt, _now + duration);
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Live(Process process)
    {
        if (process.DiedAt is not null || process.RunsFrom > _now || !IsUp)
            return;
        if (!process.IsLocked && process.TakesAt <= _now)
        {
            Take(process);
            Renew(process);
        }
        else if (process.RenewAt <= _now)
        {
            Renew(process);
        }
    }

    private void Take(Process process)
    {
        process.IsLocked = true;
        process.Key = LeaseRow.KeyOf(_server, (uint)++_lastKey);
    }

    // The answer tells a process that its lock is free, so that it renews its lease without one.
    private void Renew(Process process)
    {
        process.ExpiresAt = Micros(DatabaseTime + Timeout);
        process.RenewAt = _now + Interval;
        if (!process.IsLocked)
            process.Key = null;
    }

    private void Observe()
    {
        if (_observerRunsFrom > _now || (_lookAt > _now && _renewAt > _now))
            return;
        if (!IsUp)
        {
            _monitor.Restart();
            _observerRunsFrom = _now + RetryPause;
            return;
        }
        var isRenewed = _renewAt <= _now;
        if (isRenewed)
            _renewAt = _now + Interval;
        var verdict = _monitor.Look([.. _processes.Select(Row)], _time.GetTimestamp(), isRenewed);
        foreach (var over in verdict.Over)
            End(_processes.Single(process => process.Id == over.Id));
        var pause = Shorter(verdict.LookAgainIn ?? _betweenLooks, _betweenLooks);
        _lookAt = _now + pause;
        _monitor.Plan(pause);
    }

    private void End(Process process)
    {
        process.EndedAt = _now;
        _processes.Remove(process);
        _ended.Add(process);
    }

    private TimeSpan DatabaseTime => _now + _jumps;

    private LeaseRow Row(Process process) => new(
        process.Id, process.ExpiresAt, Micros(Timeout), Micros(DatabaseTime), process.Key,
        IsLockFree: process is { Key: not null, IsLocked: false }, _server);

    private static long Micros(TimeSpan time) => (long)time.TotalMicroseconds;

    private sealed class Process(long id)
    {
        public long Id => id;

        public long ExpiresAt { get; set; } = Micros(Timeout);

        public long? Key { get; set; }

        /// <summary>When it has noticed the loss of its lock and takes another.</summary>
        public TimeSpan TakesAt { get; set; }

        public bool IsLocked { get; set; }

        public TimeSpan RenewAt { get; set; }

        public TimeSpan RunsFrom { get; set; }

        public TimeSpan? DiedAt { get; set; }

        public TimeSpan? EndedAt { get; set; }
    }
}
