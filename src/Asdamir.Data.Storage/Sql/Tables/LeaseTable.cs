namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The statements about leases.</summary>
/// <param name="database">Where the leases are.</param>
/// <param name="timeout">How long the lease of this process lasts without renewal.</param>
/// <param name="longestStatement">One connection that hangs must not cost the lease.</param>
internal sealed class LeaseTable(SqlDatabase database, TimeSpan timeout, TimeSpan longestStatement, EnqueuedData enqueued)
{
    /// <returns>The new lease.</returns>
    public long Open()
    {
        using var session = database.ForLease();
        return session.Number(
            "INSERT INTO {s}lease (owner, expires_at, timeout) VALUES (@owner, {now} + @timeout, @timeout) RETURNING id",
            ("@owner", $"{Environment.MachineName}:{Environment.ProcessId}"), ("@timeout", Micros.Of(timeout)))!.Value;
    }

    /// <summary>Renews a lease, unless it has ended, and looks whether jobs wait.</summary>
    /// <returns>All leases, in the order of their age.</returns>
    public IReadOnlyList<LeaseRow> Renew(long lease, long? key) => Query(
        "UPDATE {s}lease SET expires_at = {now} + @timeout, liveness_key = @key WHERE id = @id; "
            + Select("EXISTS (SELECT 1 FROM {s}waiting)"),
        ("@timeout", Micros.Of(timeout)), ("@key", key), ("@id", lease));

    /// <returns>All leases, in the order of their age.</returns>
    public IReadOnlyList<LeaseRow> Read() => Query(Select("1 = 0"));

    /// <summary>Ends leases that have not been renewed since they were read, and releases what belongs to leases without a row.</summary>
    /// <returns>
    /// The ended ones, the queue of each released claim, and whether claims of ended leases are left: those in transactions that are still
    /// open.
    /// </returns>
    public (IReadOnlyList<LeaseRow> Ended, IReadOnlyList<string> Queues, bool LeavesOrphans) End(IReadOnlyList<LeaseRow> over) =>
        Conflicts.Retry(database, () =>
        {
            using var session = Begin();
            LeaseRow[] ended = [.. over.Where(lease => session.Execute(
                "DELETE FROM {s}lease WHERE id = @id AND expires_at = @expires", ("@id", lease.Id), ("@expires", lease.ExpiresAt)) == 1)];
            if (ended.Length > 0)
                ServerTable.Bury(database, session, ended);
            var queues = Release(session, [.. ended.Select(static lease => lease.Id)], isLost: true);
            var leavesOrphans = ClaimReturns.LeavesOrphans(session);
            session.Commit();
            return (ended, queues, leavesOrphans);
        });

    /// <summary>Ends the lease of this process.</summary>
    /// <returns>The queue of each released claim.</returns>
    public IReadOnlyList<string> EndOwn(long lease) =>
        Conflicts.Retry(database, () =>
        {
            using var session = Begin();
            session.Execute("DELETE FROM {s}lease WHERE id = @id", ("@id", lease));
            ServerTable.StopAllOf(session, lease);
            var queues = Release(session, [lease], isLost: false);
            session.Commit();
            return queues;
        });

    private Session Begin()
    {
        var session = database.ForLease(transactional: true);
        session.Timeout = longestStatement;
        return session;
    }

    private string Select(string jobsWait) =>
        $$"""
        SELECT id, expires_at, timeout, {now}, liveness_key, {{database.LivenessLockIsFree}}, {{database.LivenessServer}}, {{jobsWait}}
        FROM {s}lease
        ORDER BY id
        """;

    private List<LeaseRow> Query(string sql, params ReadOnlySpan<Parameter> parameters)
    {
        using var session = database.ForLease();
        session.Timeout = longestStatement;
        return session.Query(
            sql,
            static row => new LeaseRow(
                row.GetInt64(0), row.GetInt64(1), row.NumberOrNull(2), row.GetInt64(3), row.NumberOrNull(4), row.GetBoolean(5),
                row.NumberOrNull(6), row.GetBoolean(7)),
            parameters);
    }

    // Everything whose lease does not exist, including claims made at the moment a lease ended.
    private List<string> Release(Session session, long[] ended, bool isLost)
    {
        if (ended.Length > 0)
            database.CloseCommitConnections(session, ended);
        session.Execute("DELETE FROM {s}lock WHERE NOT EXISTS (SELECT 1 FROM {s}lease WHERE {s}lease.id = {s}lock.lease_id)");
        return new ClaimReturns(database, session, enqueued).ReturnOrphans(isLost);
    }
}
