namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Finds and deletes rows that have expired.</summary>
internal static class ExpiredRows
{
    /// <summary>The tables with rows of a key, each with the key of a row.</summary>
    private static readonly (string Table, string Key)[] Keyed =
    [
        ("set_item", "key, value"), ("hash_field", "key, field"), ("list_item", "id"), ("counter_total", "key"), ("job_key", "key"),
        ("pause", "kind, name"), ("limit_start", "queue, id, begun_at"),
    ];

    /// <summary>Whether any row has expired, or a counter is to be folded; in one statement.</summary>
    public static bool Any(ISessions sessions)
    {
        var expired = Keyed.Select(static keyed => keyed.Table).Prepend("job")
            .Select(static table => $"EXISTS (SELECT 1 FROM {{s}}{table} WHERE expire_at < {{now}})");
        return sessions.Number($"SELECT 1 WHERE EXISTS (SELECT 1 FROM {{s}}counter) OR {string.Join(" OR ", expired)}") is not null;
    }

    /// <summary>Deletes jobs, with what belongs to them.</summary>
    /// <returns>How many, with those that are kept for their workflows.</returns>
    public static long DeleteJobs(SqlDatabase database, int limit)
    {
        using var session = database.Begin(relaxed: true);
        var ids = session.Query(
            $"SELECT id FROM {{s}}job WHERE expire_at < {{now}} ORDER BY expire_at LIMIT {limit}" + database.SkipLocked,
            static row => row.GetInt64(0)).ToArray();
        if (ids.Length == 0)
            return 0;
        var found = ids.Length;
        ids = WorkflowTable.Postpone(session, database, ids);
        foreach (var (table, column) in new[] { ("job", "id"), ("state", "job_id"), ("job_metadata", "job_id") })
            session.Execute($"DELETE FROM {{s}}{table} WHERE " + database.AnyOf(column, "@ids"), ("@ids", ids));
        JobKeyTable.ReleaseOf(session, database, ids);
        WorkflowTable.Delete(session, database, ids);
        session.Commit();
        return found;
    }

    /// <summary>
    /// Deletes members of sets, fields of hashes, entries of lists, totals of counters, keys of jobs, pauses and starts of limits.
    /// </summary>
    /// <returns>How many.</returns>
    public static long DeleteKeyed(SqlDatabase database, int limit) =>
        Keyed.Sum(keyed => Conflicts.Retry(database, () => Delete(database, keyed.Table, keyed.Key, limit)));

    private static long Delete(SqlDatabase database, string table, string key, int limit)
    {
        using var session = database.Begin(relaxed: true);
        var gone = session.Execute(
            $"DELETE FROM {{s}}{table} WHERE ({key}) IN (SELECT {key} FROM {{s}}{table} WHERE expire_at < {{now}} LIMIT {limit}"
                + database.SkipLocked + ")");
        session.Commit();
        return gone;
    }
}
