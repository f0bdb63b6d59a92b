using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Engine.Dialect;

/// <summary>What the engine needs of a database beyond SQL: claims, commits, liveness and wake-ups.</summary>
internal abstract class JobDatabase(
    string schemaPrefix, string now, JobRetention retention, StorageTelemetry telemetry, TimeProvider time)
    : SqlDatabase(schemaPrefix, now, telemetry, time)
{
    private readonly JobRetention _ownRetention = retention;

    /// <summary>How long new jobs are kept, in microseconds.</summary>
    public (long? Succeeded, long? Deleted, long? Failed) Retention { get; private set; } = InMicros(retention);

    /// <summary>Whose turn it is among the fairness keys.</summary>
    public FairnessTurns Turns { get; } = new();

    /// <summary>Where jobs with limits wait.</summary>
    public LimitedQueues Limited { get; } = new(time);

    /// <summary>Raised when a part of a claim has failed that may have succeeded in the database; the caller got the other part.</summary>
    public event Action? ClaimFailed;

    /// <summary>Claims jobs.</summary>
    public abstract IClaimSource Claims { get; }

    /// <summary>A connection that commits, under a lease.</summary>
    public abstract ICommitConnection OpenCommitConnection(long leaseId);

    /// <summary>Takes a lock that shows other processes that this one is alive.</summary>
    /// <param name="changed">Called when the lock has another key.</param>
    public abstract ILivenessLock TakeLivenessLock(Action changed);

    /// <summary>Removes what is left of the lock of a process that has ended.</summary>
    public virtual void RemoveLivenessLock(long key)
    {
    }

    /// <summary>Raises <see cref="ClaimFailed"/>.</summary>
    public void ReportFailedClaim() => ClaimFailed?.Invoke();

    /// <summary>Calls back when another process may have added jobs to one of the queues, or ended one with limits.</summary>
    public IDisposable WatchQueues(IReadOnlyList<string> queues, Action wake) => Watch(queues, () =>
    {
        Limited.Changed();
        wake();
    });

    /// <inheritdoc cref="WatchQueues"/>
    protected abstract IDisposable Watch(IReadOnlyList<string> queues, Action wake);

    /// <summary>Wakes workers of other processes: jobs are in these queues again.</summary>
    public virtual void Notify(IReadOnlyCollection<string> queues)
    {
    }

    /// <summary>Calls back when another process has revoked claims; of any process, and more than once.</summary>
    public abstract IDisposable WatchRevocations(Action<IReadOnlyList<Revocation>> revoked);

    /// <summary>Calls back when another process may have scheduled a job for an earlier time.</summary>
    public abstract IDisposable WatchClock(Action wake);

    /// <summary>Wakes what watches the clock in other processes.</summary>
    public virtual void WakeClocks()
    {
    }

    /// <summary>
    /// Whether this process starts what is due for the whole schema, so that no other one has to be told of what it schedules.
    /// </summary>
    public bool KeepsClock { get; set; }

    /// <summary>Whether other processes are woken by what this one writes; otherwise they have to read from time to time.</summary>
    public abstract bool WakesOthers { get; }

    /// <summary>Adds delayed jobs that are due to the queues that were stored with them.</summary>
    /// <param name="limit">How many, at most.</param>
    /// <returns>The queue of each.</returns>
    public abstract IReadOnlyList<string> EnqueueDue(int limit);

    /// <summary>Reserves consecutive ids; returns the first one and their number.</summary>
    public abstract (long First, int Count) ReserveIds();

    /// <summary>Sets values that the storage's own options do not set.</summary>
    public void UseRetention(JobRetention defaults)
    {
        var host = InMicros(defaults);
        var own = InMicros(_ownRetention);
        Retention = (own.Succeeded ?? host.Succeeded, own.Deleted ?? host.Deleted, own.Failed ?? host.Failed);
    }

    private static (long? Succeeded, long? Deleted, long? Failed) InMicros(JobRetention retention) =>
        (InMicros(retention.Succeeded), InMicros(retention.Deleted), InMicros(retention.Failed));

    private static long? InMicros(TimeSpan? duration) => duration is { } value ? Micros.Of(value) : null;
}
