namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Hangfire's servers, with data of theirs and the times of the database. Those that have ended are kept for a day.</summary>
internal static class ServerTable
{
    // A process that crashes at every start must hide neither its other deaths nor other servers.
    private const int EndedOfAKind = 100;
    private const int Ended = 1_000;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <param name="lease">The lease of its process.</param>
    public static void Put(ISessions sessions, string id, string data, long lease)
    {
        using var session = sessions.Write();
        session.Execute(
            """
            INSERT INTO {s}server (id, data, started_at, heartbeat_at, lease_id)
            VALUES (@id, @data, {now}, {now}, @lease)
            ON CONFLICT (id) DO UPDATE
            SET data = excluded.data,
                started_at = excluded.started_at,
                heartbeat_at = excluded.heartbeat_at,
                lease_id = excluded.lease_id,
                ended_at = NULL,
                rescued = NULL
            """,
            ("@id", id), ("@data", data), ("@lease", lease));
    }

    /// <summary>Notes that a server was stopped.</summary>
    public static void Stop(ISessions sessions, string id)
    {
        using var session = sessions.Write();
        session.Execute("UPDATE {s}server SET ended_at = {now} WHERE id = @id AND ended_at IS NULL", ("@id", id));
        Trim(session);
    }

    /// <summary>Notes a heartbeat; one that was taken for dead lives.</summary>
    /// <returns>Whether there is such a server.</returns>
    public static bool Beat(ISessions sessions, string id, long lease)
    {
        using var session = sessions.Write();
        return session.Execute(
            """
            UPDATE {s}server
            SET heartbeat_at = {now},
                lease_id = @lease,
                ended_at = NULL,
                rescued = NULL
            WHERE id = @id AND (ended_at IS NULL OR rescued IS NOT NULL)
            """,
            ("@id", id), ("@lease", lease)) > 0;
    }

    /// <summary>Notes that servers without a heartbeat for so long have died.</summary>
    /// <returns>How many.</returns>
    public static int EndTimedOut(ISessions sessions, TimeSpan timeout)
    {
        using var session = sessions.Write();
        var ended = session.Execute(
            """
            UPDATE {s}server SET ended_at = heartbeat_at, rescued = 0
            WHERE ended_at IS NULL AND heartbeat_at < {now} - @timeout
            """,
            ("@timeout", Micros.Of(timeout)));
        if (ended > 0)
            Trim(session);
        return ended;
    }

    /// <summary>Notes that the servers of the process with this lease were stopped.</summary>
    public static void StopAllOf(Session session, long lease) =>
        session.Execute("UPDATE {s}server SET ended_at = {now} WHERE lease_id = @lease AND ended_at IS NULL", ("@lease", lease));

    /// <summary>Notes that the servers of processes died, with the number of their claims. These are still there.</summary>
    /// <param name="database">Where the servers are.</param>
    /// <param name="session">The transaction that ends the leases of the processes.</param>
    public static void Bury(SqlDatabase database, Session session, IReadOnlyList<LeaseRow> leases)
    {
        var ids = leases.Select(static lease => lease.Id).ToArray();
        var servers = session.Query(
            $"SELECT id, data, lease_id FROM {{s}}server WHERE ended_at IS NULL AND {database.AnyOf("lease_id", "@leases")} ORDER BY id",
            static row => (Id: row.GetString(0), Data: ServerData.Read(row.GetString(1)), Lease: row.GetInt64(2)),
            ("@leases", ids));
        if (servers.Count == 0)
            return;
        var claims = session.Query(
            $$"""
            SELECT claimed_by, queue, count(*) FROM {s}queue
            WHERE claimed_by IS NOT NULL AND {{database.AnyOf("claimed_by", "@leases")}}
            GROUP BY claimed_by, queue
            """,
            static row => (Lease: row.GetInt64(0), Queue: row.GetString(1), Count: row.GetInt64(2)),
            ("@leases", ids));
        foreach (var (id, data, lease) in servers)
        {
            var own = claims.FindAll(claim => claim.Lease == lease && data.Queues.Contains(claim.Queue));
            // Of several servers of one process that listen to a queue, the first one has its claims.
            claims.RemoveAll(own.Contains);
            session.Execute(
                """
                UPDATE {s}server
                SET ended_at = CASE WHEN heartbeat_at > @renewed THEN heartbeat_at ELSE @renewed END,
                    rescued = @rescued
                WHERE id = @id AND ended_at IS NULL
                """,
                ("@id", id), ("@renewed", leases.First(row => row.Id == lease).RenewedAt),
                ("@rescued", own.Sum(static claim => claim.Count)));
        }
        Trim(session);
    }

    /// <returns>The running servers.</returns>
    public static List<ServerRow> Running(ISessions sessions) => Query(sessions, "s.ended_at IS NULL");

    /// <returns>The running servers, and those that ended within a day.</returns>
    public static List<ServerRow> Recent(ISessions sessions) =>
        Query(sessions, "s.ended_at IS NULL OR s.ended_at > {now} - @day", ("@day", Micros.Of(Day)));

    public static long Count(ISessions sessions) => sessions.Number("SELECT count(*) FROM {s}server WHERE ended_at IS NULL") ?? 0;

    private static List<ServerRow> Query(ISessions sessions, string condition, params ReadOnlySpan<Parameter> parameters)
    {
        using var session = sessions.Read();
        var servers = session.Query(
            $"SELECT {ServerRow.Columns} FROM {{s}}server AS s LEFT JOIN {{s}}lease AS l ON l.id = s.lease_id WHERE {condition}",
            ServerRow.Read, parameters);
        // Not by the database, whose collation may be a language's.
        servers.Sort(static (one, other) => string.CompareOrdinal(one.Id, other.Id));
        return servers;
    }

    private static void Trim(Session session) =>
        session.Execute(
            $$"""
            DELETE FROM {s}server
            WHERE id IN (
                SELECT id
                FROM (
                    SELECT
                        id,
                        ended_at,
                        row_number() OVER (PARTITION BY data ORDER BY ended_at DESC, id) AS place_of_kind,
                        row_number() OVER (ORDER BY ended_at DESC, id) AS place
                    FROM {s}server
                    WHERE ended_at IS NOT NULL) AS ended
                WHERE place_of_kind > {{EndedOfAKind}} OR place > {{Ended}} OR ended_at < {now} - @day)
            """,
            ("@day", Micros.Of(Day)));
}
