using System.Collections.Concurrent;
using System.Data.Common;
using Asdamir.Data.Storage.Claims;
using Asdamir.Data.Storage.Writes;

namespace Asdamir.Data.Storage.Database;

/// <summary>
/// One of the two databases: its connections, the few statements it has of its own, and its wake-up. Everything else
/// is written in the SQL both understand, where <c>{s}</c> stands for the schema and <c>{now}</c> for the database's time.
/// </summary>
internal abstract class SqlDatabase(string schemaPrefix, string now, JobRetention retention) : ISessions, IDisposable
{
    private readonly ConcurrentDictionary<string, string> _sql = new(StringComparer.Ordinal);
    private readonly JobRetention _ownRetention = retention;

    /// <summary>Where it is, for messages; never with a secret.</summary>
    public abstract string Description { get; }

    /// <summary>Applies outstanding migrations, once, whichever process comes first.</summary>
    public abstract void Migrate();

    public abstract Session Read();

    public abstract Session Write();

    /// <summary>For several statements; nothing of them stays unless <see cref="Session.Commit"/> is called.</summary>
    /// <param name="relaxed">Whether it may be lost when the database crashes: for what would be done again anyway.</param>
    public abstract Session Begin(bool relaxed = false);

    /// <summary>A session of the lease: it never waits until something else gives a connection back.</summary>
    /// <param name="transactional">Whether it is for several statements, as with <see cref="Begin"/>.</param>
    public virtual Session ForLease(bool transactional = false) => transactional ? Begin() : Write();

    /// <summary>A connection that commits, in the name of a lease.</summary>
    public abstract ICommitConnection OpenLane(long leaseId);

    /// <summary>Frees the lanes of leases that are over, so that none of them can commit any more.</summary>
    public abstract void CloseLanes(Session session, IReadOnlyList<long> leaseIds);

    /// <summary>Deletes what lanes left behind that were closed so long ago that nobody asks any more.</summary>
    public abstract long DeleteClosedLanes(TimeSpan age);

    /// <summary>What follows a subquery that must not wait for rows in use.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Claims jobs.</summary>
    public abstract IClaimSource Claims { get; }

    /// <summary>Calls back when another process may have put runs into one of the queues.</summary>
    public abstract IDisposable Watch(IReadOnlyList<string> queues, Action wake);

    /// <summary>Reserves ids: the first one and how many follow each other.</summary>
    public abstract (long First, int Count) ReserveIds();

    public abstract string AnyOf(string column, string parameter);

    /// <summary>
    /// A condition by which the row with this key is joined. It can only be looked up: a planner that is wrong about the number of
    /// rows would otherwise go through the whole table to find a few.
    /// </summary>
    public abstract string LookUp(string key, string value);

    /// <summary>Binds an array for <see cref="AnyOf"/>.</summary>
    public abstract void BindArray(DbCommand command, string name, Array values);

    /// <summary>What a person can do when it cannot be used.</summary>
    public abstract string Advice { get; }

    /// <summary>Whether the database may be missing, restarting or busy, so that trying again later helps.</summary>
    public abstract bool IsUnavailable(Exception exception);

    /// <summary>Whether the database itself said no, so that what it was asked to write is not written.</summary>
    public abstract bool IsRefusal(Exception exception);

    /// <summary>Whether the database refused it because it collided with something else, so that the same again may succeed at once.</summary>
    public abstract bool IsConflict(Exception exception);

    /// <summary>A condition that compares text without regard to case with a pattern that was escaped with a backslash.</summary>
    public abstract string Like(string column, string parameter);

    /// <summary>How long new jobs are kept, in microseconds.</summary>
    public (long? Succeeded, long? Deleted, long? Failed) Retention { get; private set; } = InMicros(retention);

    public abstract void Dispose();

    /// <summary>Sets what the storage's own options leave open.</summary>
    public void UseRetention(JobRetention defaults)
    {
        var (host, own) = (InMicros(defaults), InMicros(_ownRetention));
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
