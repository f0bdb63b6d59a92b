using Asdamir.Data.Storage.Database;

namespace Asdamir.Data.Storage.Reads;

/// <summary>Values of counters: their totals, and what is not folded into them yet.</summary>
internal static class CounterReads
{
    public static Dictionary<string, long> Read(SqlDatabase database, Session session, string[] keys) =>
        session.Query(
            $$"""
            SELECT key, CAST(sum(value) AS bigint) FROM (
                SELECT key, value FROM {s}counter WHERE {{database.AnyOf("key", "@keys")}}
                UNION ALL SELECT key, value FROM {s}counter_total WHERE {{database.AnyOf("key", "@keys")}}) AS counted
            GROUP BY key
            """,
            static row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), ("@keys", keys)).ToDictionary();
}
