using System.Collections.Concurrent;
using System.Data.Common;
using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Sql;

/// <summary>
/// One of the two databases: its connections, and where its SQL differs. All other statements use SQL that both understand, where
/// <c>{s}</c> stands for the schema and <c>{now}</c> for the database's time.
/// </summary>
internal abstract class SqlDatabase(string schemaPrefix, string now, StorageTelemetry telemetry, TimeProvider time)
    : ISessions, IDisposable
{
    private readonly ConcurrentDictionary<string, string> _sql = new(StringComparer.Ordinal);

    /// <summary>Its location, for messages; contains no secret.</summary>
    public abstract string Description { get; }

    public StorageTelemetry Telemetry => telemetry;

    /// <summary>The clock of this process, which measures durations and ends waits. What is stored has the database's time.</summary>
    public TimeProvider Time => time;

    /// <summary>Applies outstanding migrations, once, in the first process that gets the lock.</summary>
    public abstract void Migrate();

    public abstract Session Read();

    /// <summary>For several statements that read, and see the rows of one moment.</summary>
    public abstract Session ReadSnapshot();

    public abstract Session Write();

    /// <summary>For several statements, which are rolled back unless <see cref="Session.Commit"/> is called.</summary>
    /// <param name="relaxed">Whether the commit may be lost in a crash of the database; for work that is repeated anyway.</param>
    public abstract Session Begin(bool relaxed = false);

    /// <summary>A session for the lease, which never waits for a pooled connection.</summary>
    /// <param name="transactional">Whether it is for several statements, as with <see cref="Begin"/>.</param>
    public virtual Session ForLease(bool transactional = false) => transactional ? Begin() : Write();

    /// <summary>Closes the commit connections of leases that have ended, so that they cannot commit.</summary>
    public abstract void CloseCommitConnections(Session session, IReadOnlyList<long> leaseIds);

    /// <summary>Deletes the rows of commit connections that were closed so long ago that no process needs their outcome.</summary>
    public abstract long DeleteClosedCommitConnections(TimeSpan age);

    /// <summary>An expression over a row of the table of leases: whether no process holds the lock that shows that it is alive.</summary>
    public abstract string LivenessLockIsFree { get; }

    /// <summary>An expression: the running server that keeps the locks, as their keys say.</summary>
    public abstract string LivenessServer { get; }

    public abstract string SkipLocked { get; }

    public abstract string AnyOf(string column, string parameter);

    /// <summary>
    /// A condition that joins the row with this key and only permits an index lookup: with wrong row estimates, the planner
    /// would otherwise scan the whole table.
    /// </summary>
    public abstract string LookUp(string key, string value);

    /// <summary>A condition that compares text without regard to case with a pattern that was escaped with a backslash.</summary>
    public abstract string Like(string column, string parameter);

    /// <summary>Binds an array for <see cref="AnyOf"/>.</summary>
    public abstract void BindArray(DbCommand command, string name, Array values);

    /// <summary>What removes the tables, as advice for the user.</summary>
    public abstract string Removal { get; }

    /// <summary>The advice for the user when the database is unavailable.</summary>
    public abstract string Advice { get; }

    /// <summary>Whether the database may be missing, restarting or busy, so that a later retry may succeed.</summary>
    public abstract bool IsUnavailable(Exception exception);

    /// <summary>The reason that one exception gives, not those within it.</summary>
    public abstract JobStorageFault FaultOf(Exception exception);

    /// <summary>Whether the database itself refused the request, so that nothing was written.</summary>
    public abstract bool IsRefusal(Exception exception);

    /// <summary>Whether the database refused it because of a conflict, so that an immediate retry may succeed.</summary>
    public abstract bool IsConflict(Exception exception);

    public abstract void Dispose();

    public string Sql(string template) =>
        _sql.TryGetValue(template, out var sql)
            ? sql
            : _sql.GetOrAdd(template, Expand(template));

    public string Expand(string template) =>
        template.Replace("{s}", schemaPrefix, StringComparison.Ordinal).Replace("{now}", now, StringComparison.Ordinal);
}
