using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>A worker that waits for a job.</summary>
internal sealed class WaitingWorker : IDisposable
{
    private readonly ManualResetEventSlim _served = new(false, spinCount: 0);

    public WaitingWorker() => Place = new LinkedListNode<WaitingWorker>(this);

    /// <summary>Its place among all that wait.</summary>
    public LinkedListNode<WaitingWorker> Place { get; }

    /// <summary>What it got; <see langword="null"/> when it was only woken.</summary>
    public ClaimedJob? Claim { get; private set; }

    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public void Wait(CancellationToken cancellationToken) => _served.Wait(cancellationToken);

    public void Wake(ClaimedJob? claim = null)
    {
        Claim = claim;
        _served.Set();
    }

    public void Dispose() => _served.Dispose();
}
