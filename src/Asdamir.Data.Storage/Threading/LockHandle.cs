namespace Asdamir.Data.Storage.Threading;

/// <summary>A held lock, released by the first disposal.</summary>
internal sealed class LockHandle(Action release) : IDisposable
{
    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
