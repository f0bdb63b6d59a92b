namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Counters: their totals, and what is not folded into them yet.</summary>
internal static class CounterTable
{
    // Impossible values are ignored: their sum could overflow the column.
    private const string Plausible = "value BETWEEN -1000000000000000 AND 1000000000000000";

    public static Dictionary<string, long> Values(ISessions sessions, string[] keys)
    {
        using var session = sessions.Read();
        return session.Query(
            $$"""
            SELECT key, CAST(sum(value) AS bigint) FROM (
                SELECT key, value FROM {s}counter WHERE {{sessions.AnyOf("key", "@keys")}} AND {{Plausible}}
                UNION ALL SELECT key, value FROM {s}counter_total WHERE {{sessions.AnyOf("key", "@keys")}} AND {{Plausible}}) AS counted
            GROUP BY key
            """,
            static row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), ("@keys", keys)).ToDictionary();
    }

    public static long Value(ISessions sessions, string key) => Values(sessions, [key]).GetValueOrDefault(key);

    /// <summary>Moves the oldest values into the totals.</summary>
    /// <returns>How many it moved.</returns>
    public static int Fold(SqlDatabase database, int limit)
    {
        using var session = database.Begin(relaxed: true);
        var rows = session.Query(
            $"DELETE FROM {{s}}counter WHERE id IN (SELECT id FROM {{s}}counter ORDER BY id LIMIT {limit}" + database.SkipLocked
                + ") RETURNING key, value, expire_at",
            static row => (Key: row.GetString(0), Value: row.GetInt64(1), ExpireAt: row.NumberOrNull(2)));
        // In one order everywhere, so that two of these never wait for each other.
        foreach (var counter in rows.Where(static row => IsPlausible(row.Value)).GroupBy(static row => row.Key)
            .OrderBy(static counter => counter.Key, StringComparer.Ordinal))
        {
            session.Execute(
                $$"""
                INSERT INTO {s}counter_total (key, value, expire_at) VALUES (@key, @value, @expire)
                ON CONFLICT (key) DO UPDATE SET
                    value = CASE
                        WHEN {s}counter_total.{{Plausible}} THEN {s}counter_total.value + excluded.value
                        ELSE excluded.value END,
                    expire_at = coalesce(excluded.expire_at, {s}counter_total.expire_at)
                """,
                ("@key", counter.Key), ("@value", counter.Sum(static row => row.Value)),
                ("@expire", counter.Max(static row => row.ExpireAt)));
        }
        session.Commit();
        return rows.Count;
    }

    private static bool IsPlausible(long value) => value is >= -1_000_000_000_000_000 and <= 1_000_000_000_000_000;
}
