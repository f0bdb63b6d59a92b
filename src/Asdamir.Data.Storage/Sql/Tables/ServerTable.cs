namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Hangfire's servers, with data of theirs and the times of the database.</summary>
internal static class ServerTable
{
    public static void Put(ISessions sessions, string id, string data)
    {
        using var session = sessions.Write();
        session.Execute(
            """
            INSERT INTO {s}server (id, data, started_at, heartbeat_at) VALUES (@id, @data, {now}, {now})
            ON CONFLICT (id) DO UPDATE SET data = excluded.data, started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at
            """,
            ("@id", id), ("@data", data));
    }

    public static void Delete(ISessions sessions, string id)
    {
        using var session = sessions.Write();
        session.Execute("DELETE FROM {s}server WHERE id = @id", ("@id", id));
    }

    /// <returns>Whether there is such a server.</returns>
    public static bool Beat(ISessions sessions, string id)
    {
        using var session = sessions.Write();
        return session.Execute("UPDATE {s}server SET heartbeat_at = {now} WHERE id = @id", ("@id", id)) > 0;
    }

    /// <returns>How many were deleted.</returns>
    public static int DeleteTimedOut(ISessions sessions, TimeSpan timeout)
    {
        using var session = sessions.Write();
        return session.Execute("DELETE FROM {s}server WHERE heartbeat_at < {now} - @timeout", ("@timeout", Micros.Of(timeout)));
    }

    public static List<(string Id, string Data, DateTime StartedAt, DateTime HeartbeatAt)> All(ISessions sessions)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT id, data, started_at, heartbeat_at FROM {s}server",
            static row => (row.GetString(0), row.GetString(1), Micros.ToUtc(row.GetInt64(2)), Micros.ToUtc(row.GetInt64(3))));
    }

    public static long Count(ISessions sessions) => sessions.Number("SELECT count(*) FROM {s}server") ?? 0;
}
