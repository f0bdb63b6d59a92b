namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A commit for which a thread waits.</summary>
internal sealed class BlockingCommit(WriteSet set) : PendingCommit(set), IDisposable
{
    private readonly ManualResetEventSlim _answered = new(false, spinCount: 0);
    private Exception? _error;

    public void Wait()
    {
        _answered.Wait();
        if (_error is { } error)
            throw error;
    }

    public void Dispose() => _answered.Dispose();

    protected override void Answer(Exception? error)
    {
        _error = error;
        _answered.Set();
    }
}
