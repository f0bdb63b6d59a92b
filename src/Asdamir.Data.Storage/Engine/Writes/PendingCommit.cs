namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A write set on its way into the database, and the caller that waits for the answer.</summary>
internal abstract class PendingCommit(WriteSet set)
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Ended = 2;

    private int _state;

    public WriteSet Set => set;

    /// <summary>How often rows in use have prevented the commit.</summary>
    public int Tries { get; set; }

    /// <summary>Begins the commit; <see langword="false"/> when its caller has cancelled it.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

    /// <summary>Answers the caller, once.</summary>
    /// <param name="error">Why nothing was written, or why that is unknown; <see langword="null"/> for a success.</param>
    public void End(Exception? error)
    {
        if (Interlocked.Exchange(ref _state, Ended) != Ended)
            Answer(error is JobStorageUnavailableException shared ? Copy(shared) : error);
    }

    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Ended, Waiting) == Waiting;

    protected abstract void Answer(Exception? error);

    // Many callers get the answer to one commit, and each throws an exception with a separate stack trace.
    private static JobStorageUnavailableException Copy(JobStorageUnavailableException shared) =>
        new(shared.Message, shared.InnerException, shared.MayBeCommitted) { Fault = shared.Fault };
}
