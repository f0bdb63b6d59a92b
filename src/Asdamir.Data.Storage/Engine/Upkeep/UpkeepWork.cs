using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Upkeep;

/// <summary>One round of the upkeep.</summary>
internal sealed class UpkeepWork(SqlDatabase database)
{
    private const int Batch = 1_000;
    private static readonly string[] KeyedTables = ["set_item", "hash_field", "list_item", "counter_total"];
    private static readonly TimeSpan ClosedConnectionRetention = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether there is something to do, in one statement. Rows of closed commit connections are no reason: only a schema that is in
    /// use has any.
    /// </summary>
    public bool IsNeeded()
    {
        var expired = KeyedTables.Prepend("job").Select(static table => $"EXISTS (SELECT 1 FROM {{s}}{table} WHERE expire_at < {{now}})");
        using var session = database.Read();
        return session.Number($"SELECT 1 WHERE EXISTS (SELECT 1 FROM {{s}}counter) OR {string.Join(" OR ", expired)}") is not null;
    }

    /// <returns>The number of processed rows; 0 when nothing is left to do.</returns>
    public long DoBatch() =>
        Conflicts.Retry(database, ExpireJobs) + Conflicts.Retry(database, FoldCounters)
        + KeyedTables.Sum(table =>
            Conflicts.Retry(database, () => ExpireRows(table))) + database.DeleteClosedCommitConnections(ClosedConnectionRetention);

    private long ExpireJobs()
    {
        using var session = database.Begin(relaxed: true);
        var ids = session.Query(
            $"SELECT id FROM {{s}}job WHERE expire_at < {{now}} ORDER BY expire_at LIMIT {Batch}" + database.SkipLocked,
            static row => row.GetInt64(0)).ToArray();
        if (ids.Length == 0)
            return 0;
        foreach (var (table, column) in new[] { ("job", "id"), ("state", "job_id"), ("job_metadata", "job_id") })
            session.Execute($"DELETE FROM {{s}}{table} WHERE " + database.AnyOf(column, "@ids"), ("@ids", ids));
        session.Commit();
        return ids.Length;
    }

    private long FoldCounters()
    {
        using var session = database.Begin(relaxed: true);
        var rows = session.Query(
            $"DELETE FROM {{s}}counter WHERE id IN (SELECT id FROM {{s}}counter ORDER BY id LIMIT {Batch}" + database.SkipLocked
                + ") RETURNING key, value, expire_at",
            static row => (Key: row.GetString(0), Value: row.GetInt64(1), ExpireAt: row.NumberOrNull(2)));
        // In one order everywhere, so that two of these never wait for each other.
        foreach (var counter in rows.Where(static row => CounterReads.IsPlausible(row.Value)).GroupBy(static row => row.Key)
            .OrderBy(static counter => counter.Key, StringComparer.Ordinal))
        {
            session.Execute(
                $$"""
                INSERT INTO {s}counter_total (key, value, expire_at) VALUES (@key, @value, @expire)
                ON CONFLICT (key) DO UPDATE SET
                    value = CASE
                        WHEN {s}counter_total.{{CounterReads.Plausible}} THEN {s}counter_total.value + excluded.value
                        ELSE excluded.value END,
                    expire_at = coalesce(excluded.expire_at, {s}counter_total.expire_at)
                """,
                ("@key", counter.Key), ("@value", counter.Sum(static row => row.Value)),
                ("@expire", counter.Max(static row => row.ExpireAt)));
        }
        session.Commit();
        // A handful of rows is no reason for another round.
        return rows.Count == Batch ? rows.Count : 0;
    }

    private long ExpireRows(string table)
    {
        var key = table switch { "set_item" => "(key, value)", "hash_field" => "(key, field)", "list_item" => "id", _ => "key" };
        using var session = database.Begin(relaxed: true);
        var gone = session.Execute(
            $"DELETE FROM {{s}}{table} WHERE {key} IN (SELECT {key.Trim('(', ')')} FROM {{s}}{table} WHERE expire_at < {{now}} "
                + $"LIMIT {Batch}"
                + database.SkipLocked + ")");
        session.Commit();
        return gone;
    }
}
