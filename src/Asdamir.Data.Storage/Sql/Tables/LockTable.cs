namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Named locks, each a row that belongs to a lease.</summary>
internal static class LockTable
{
    /// <returns>Whether the lock was taken: it was free, or its lease does not exist.</returns>
    public static bool TryInsert(ISessions sessions, string resource, long lease, long token)
    {
        using var session = sessions.Write();
        return session.Execute(
            """
            INSERT INTO {s}lock (resource, lease_id, token) VALUES (@resource, @lease, @token)
            ON CONFLICT (resource) DO UPDATE SET lease_id = excluded.lease_id, token = excluded.token
            WHERE NOT EXISTS (SELECT 1 FROM {s}lease WHERE {s}lease.id = {s}lock.lease_id)
            """,
            ("@resource", resource), ("@lease", lease), ("@token", token)) == 1;
    }

    public static void Delete(ISessions sessions, string resource, long lease, long token)
    {
        using var session = sessions.Write();
        session.Execute(
            "DELETE FROM {s}lock WHERE resource = @resource AND lease_id = @lease AND token = @token",
            ("@resource", resource), ("@lease", lease), ("@token", token));
    }

    public static List<(string Resource, long Token)> Of(ISessions sessions, long lease)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT resource, token FROM {s}lock WHERE lease_id = @lease", static row => (row.GetString(0), row.GetInt64(1)),
            ("@lease", lease));
    }
}
