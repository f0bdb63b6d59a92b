using Asdamir.Data.Storage.Engine.Writes;

namespace Asdamir.Data.Storage.Tests.Engine.Writes;

/// <summary>What the database does with a call.</summary>
internal enum Fate
{
    Written,

    /// <summary>Another writer has changed its job.</summary>
    Conflict,

    /// <summary>Another worker has its claim.</summary>
    ClaimLost,

    /// <summary>The database refuses its values.</summary>
    Refused,

    /// <summary>Its rows belong to an open transaction, for some time.</summary>
    RowsInUse,

    /// <summary>The lease of the process ends just before.</summary>
    LeaseEnds,

    /// <summary>The database cannot be reached.</summary>
    Outage,

    /// <summary>It is written, and no answer will ever arrive.</summary>
    WrittenWithoutAnswer,

    /// <summary>It is not written, and no answer will ever arrive.</summary>
    UnwrittenWithoutAnswer,
}

/// <summary>A call of a caller, which may send the next one before it has the answer to this one.</summary>
/// <param name="Caller">Who sends it.</param>
/// <param name="Job">The job that it changes.</param>
/// <param name="Fate">What the database does with it.</param>
/// <param name="Times">How long its rows are in use.</param>
/// <param name="Enqueues">Whether it adds its job to a queue.</param>
/// <param name="NeedsLease">Whether it holds only in the name of the lease of that moment, as the end of a job does.</param>
internal sealed record ModelCall(int Caller, int Job, Fate Fate, int Times, bool NeedsLease, bool Enqueues = false);

/// <summary>Records how often a call was answered, and with what.</summary>
internal sealed class ModelCommit(ModelCall call, WriteSet set, long lease) : PendingCommit(set)
{
    private int _timesInUse = call.Times;

    public ModelCall Call => call;

    /// <summary>The lease of the moment it was sent.</summary>
    public long Lease => lease;

    public int Answers { get; private set; }

    public Exception? Error { get; private set; }

    public bool IsCancelled { get; private set; }

    public void Cancel()
    {
        if (!TryCancel())
            return;
        IsCancelled = true;
        Answers++;
    }

    /// <summary>The open transaction ends after a few attempts of the call alone.</summary>
    public bool IsInUse(bool isAlone) => isAlone ? --_timesInUse >= 0 : _timesInUse > 0;

    protected override void Answer(Exception? error)
    {
        Error = error;
        Answers++;
    }
}
