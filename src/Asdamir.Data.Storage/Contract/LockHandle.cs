namespace Asdamir.Data.Storage.Contract;

/// <summary>One taking of a lock. It releases once, however often it is disposed.</summary>
internal sealed class LockHandle(Action release) : IDisposable
{
    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
