namespace Asdamir.Data.Storage.Engine.Clock;

/// <summary>
/// When the next jobs of one kind are due, as last read. Jobs that stay although they were due when a process tried to start them, as
/// one that no process here may load, must not keep the process busy: they are left out until the next try.
/// </summary>
internal sealed class DueTime
{
    private readonly double _before;
    private double _next = double.PositiveInfinity;
    private double _readNow = double.NegativeInfinity;
    private double _triedUpTo = double.NegativeInfinity;

    /// <param name="before">What is due up to this time never starts.</param>
    public DueTime(double before)
    {
        _before = before;
        After = before;
    }

    /// <summary>What is due up to this time is left out of the next reading.</summary>
    public double After { get; private set; }

    /// <summary>When the next jobs are due, by the process's own clock.</summary>
    public TimeSpan At { get; private set; } = TimeSpan.MaxValue;

    /// <summary>When what was left out is tried again.</summary>
    public TimeSpan RetryAt { get; private set; } = TimeSpan.MaxValue;

    public bool IsPending => !double.IsPositiveInfinity(_next);

    public bool IsBeingTried { get; private set; }

    /// <summary>Whether the last reading found jobs that have been due for this long.</summary>
    public bool IsOverdueBy(TimeSpan duration) => _next <= _readNow - duration.TotalSeconds;

    /// <summary>A job is scheduled.</summary>
    /// <returns>Whether it is due before what is known.</returns>
    public bool Add(double due)
    {
        if (due <= After)
            Include();
        return due < _next;
    }

    /// <summary>The process starts what is due.</summary>
    public void Try()
    {
        IsBeingTried = true;
        _triedUpTo = _readNow;
    }

    /// <summary>Some of what was due has started; what is due still can start at once.</summary>
    public void Progress() => _triedUpTo = double.NegativeInfinity;

    /// <summary>The process has started what it could. What is due next has to be read.</summary>
    public void EndTry()
    {
        IsBeingTried = false;
        Forget();
    }

    /// <summary>Nothing is left out any more.</summary>
    public void Include()
    {
        After = _before;
        RetryAt = TimeSpan.MaxValue;
        Progress();
    }

    /// <returns>Whether it must be read again, because what was tried in vain is left out from now on.</returns>
    public bool Set(double? next, double now, TimeSpan elapsed, TimeSpan pause)
    {
        _next = next ?? double.PositiveInfinity;
        _readNow = now;
        var wait = _next - now;
        At = wait > TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.MaxValue : elapsed + TimeSpan.FromSeconds(Math.Max(wait, 0));
        if (wait > 0 || _next > _triedUpTo)
            return false;
        After = _triedUpTo;
        RetryAt = elapsed + pause;
        Forget();
        return true;
    }

    private void Forget()
    {
        _next = double.PositiveInfinity;
        At = TimeSpan.MaxValue;
    }
}
