using System.Collections.Concurrent;
using System.Data.Common;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Sql;

/// <summary>
/// One of the two databases: its connections, its specific statements, and its wake-up. All other
/// statements use SQL that both understand, where <c>{s}</c> stands for the schema and <c>{now}</c> for the database's time.
/// </summary>
internal abstract class SqlDatabase(
    string schemaPrefix, string now, JobRetention retention, StorageTelemetry telemetry, TimeProvider time)
    : ISessions, IDisposable
{
    private readonly ConcurrentDictionary<string, string> _sql = new(StringComparer.Ordinal);
    private readonly JobRetention _ownRetention = retention;

    /// <summary>Its location, for messages; contains no secret.</summary>
    public abstract string Description { get; }

    public StorageTelemetry Telemetry => telemetry;

    /// <summary>The clock of this process, which measures durations and ends waits. What is stored has the database's time.</summary>
    public TimeProvider Time => time;

    /// <summary>Applies outstanding migrations, once, in the first process that gets the lock.</summary>
    public abstract void Migrate();

    public abstract Session Read();

    public abstract Session Write();

    /// <summary>For several statements, which are rolled back unless <see cref="Session.Commit"/> is called.</summary>
    /// <param name="relaxed">Whether the commit may be lost in a crash of the database; for work that is repeated anyway.</param>
    public abstract Session Begin(bool relaxed = false);

    /// <summary>A session for the lease, which never waits for a pooled connection.</summary>
    /// <param name="transactional">Whether it is for several statements, as with <see cref="Begin"/>.</param>
    public virtual Session ForLease(bool transactional = false) => transactional ? Begin() : Write();

    /// <summary>Takes a lock that shows other processes that this one is alive.</summary>
    /// <param name="changed">Called when the lock has another key.</param>
    public abstract ILivenessLock TakeLivenessLock(Action changed);

    /// <summary>An expression over a row of the table of leases: whether no process holds its <see cref="ILivenessLock"/>.</summary>
    public abstract string LivenessLockIsFree { get; }

    /// <summary>An expression: the running server that keeps the locks, as their keys say.</summary>
    public abstract string LivenessServer { get; }

    /// <summary>Removes what is left of the lock of a process that has ended.</summary>
    public virtual void RemoveLivenessLock(long key)
    {
    }

    /// <summary>Wakes workers of other processes: jobs are in these queues again.</summary>
    public virtual void Notify(IReadOnlyCollection<string> queues)
    {
    }

    /// <summary>A connection that commits, under a lease.</summary>
    public abstract ICommitConnection OpenCommitConnection(long leaseId);

    /// <summary>Closes the commit connections of leases that have ended, so that they cannot commit.</summary>
    public abstract void CloseCommitConnections(Session session, IReadOnlyList<long> leaseIds);

    /// <summary>Deletes the rows of commit connections that were closed so long ago that no process needs their outcome.</summary>
    public abstract long DeleteClosedCommitConnections(TimeSpan age);

    /// <summary>The suffix of a subquery that skips locked rows.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Claims jobs.</summary>
    public abstract IClaimSource Claims { get; }

    /// <summary>Calls back when another process may have added jobs to one of the queues.</summary>
    public abstract IDisposable Watch(IReadOnlyList<string> queues, Action wake);

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

    /// <summary>Calls back when another process has revoked claims; of any process, and more than once.</summary>
    public abstract IDisposable WatchRevocations(Action<IReadOnlyList<Revocation>> revoked);

    /// <summary>Reserves consecutive ids; returns the first one and their number.</summary>
    public abstract (long First, int Count) ReserveIds();

    public abstract string AnyOf(string column, string parameter);

    /// <summary>
    /// A condition that joins the row with this key and only permits an index lookup: with wrong row estimates, the planner
    /// would otherwise scan the whole table.
    /// </summary>
    public abstract string LookUp(string key, string value);

    /// <summary>Binds an array for <see cref="AnyOf"/>.</summary>
    public abstract void BindArray(DbCommand command, string name, Array values);

    /// <summary>The advice for the user when the database is unavailable.</summary>
    public abstract string Advice { get; }

    /// <summary>Whether the database may be missing, restarting or busy, so that a later retry may succeed.</summary>
    public abstract bool IsUnavailable(Exception exception);

    /// <summary>Whether the database itself refused the request, so that nothing was written.</summary>
    public abstract bool IsRefusal(Exception exception);

    /// <summary>Whether the database refused it because of a conflict, so that an immediate retry may succeed.</summary>
    public abstract bool IsConflict(Exception exception);

    /// <summary>A condition that compares text without regard to case with a pattern that was escaped with a backslash.</summary>
    public abstract string Like(string column, string parameter);

    /// <summary>How long new jobs are kept, in microseconds.</summary>
    public (long? Succeeded, long? Deleted, long? Failed) Retention { get; private set; } = InMicros(retention);

    public abstract void Dispose();

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

    public string Sql(string template) =>
        _sql.TryGetValue(template, out var sql)
            ? sql
            : _sql.GetOrAdd(template, Expand(template));

    public string Expand(string template) =>
        template.Replace("{s}", schemaPrefix, StringComparison.Ordinal).Replace("{now}", now, StringComparison.Ordinal);
}
