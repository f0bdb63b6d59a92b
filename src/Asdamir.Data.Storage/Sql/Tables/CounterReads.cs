
namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Values of counters: their totals, and what is not folded into them yet.</summary>
internal static class CounterReads
{
    /// <summary>Ignores impossible values: their sum could overflow the column.</summary>
    public const string Plausible = "value BETWEEN -1000000000000000 AND 1000000000000000";

    public static bool IsPlausible(long value) => value is >= -1_000_000_000_000_000 and <= 1_000_000_000_000_000;

    public static Dictionary<string, long> Read(SqlDatabase database, Session session, string[] keys) =>
        session.Query(
            $$"""
            SELECT key, CAST(sum(value) AS bigint) FROM (
                SELECT key, value FROM {s}counter WHERE {{database.AnyOf("key", "@keys")}} AND {{Plausible}}
                UNION ALL SELECT key, value FROM {s}counter_total WHERE {{database.AnyOf("key", "@keys")}} AND {{Plausible}}) AS counted
            GROUP BY key
            """,
            static row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), ("@keys", keys)).ToDictionary();
}
