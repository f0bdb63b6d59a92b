using Asdamir.Data;

namespace Asdamir.AdminConsole.Features.Operations;

/// <summary>The right to act, checked while an action runs: its token is cancelled when the right is gone or the console stops.</summary>
internal sealed class ActingPermit : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Func<bool> _isGranted;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _timer;
    private bool _isDisposed;

    public ActingPermit(Func<bool> isGranted, TimeProvider time, CancellationToken stopping)
    {
        (_isGranted, _stop) = (isGranted, CancellationTokenSource.CreateLinkedTokenSource(stopping));
        Token = _stop.Token;
        _timer = Detached.Start(() => time.CreateTimer(_ => Check(), null, Interval, Interval));
    }

    public CancellationToken Token { get; }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            _stop.Dispose();
        }
    }

    private void Check()
    {
        if (IsGranted())
            return;
        lock (_gate)
        {
            if (!_isDisposed)
                _stop.Cancel();
        }
    }

    private bool IsGranted()
    {
        try
        {
            return _isGranted();
        }
        catch (Exception)
        {
            // What cannot be checked is not granted, and a timer's exception would end the process.
            return false;
        }
    }
}
