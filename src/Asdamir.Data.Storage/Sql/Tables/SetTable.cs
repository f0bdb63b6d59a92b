namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads of sets, whose values are ordered by their scores.</summary>
internal static class SetTable
{
    public static List<string> Lowest(ISessions sessions, string key, double fromScore, double toScore, int count) =>
        sessions.Texts(
            "SELECT value FROM {s}set_item WHERE key = @key AND score BETWEEN @from AND @to ORDER BY score, value LIMIT @count",
            ("@key", key), ("@from", fromScore), ("@to", toScore), ("@count", count));

    // Hangfire's scheduler asks up to the last full second, from 0 on. A job may be due within the second that has begun, or before 1970.
    public static List<string> DueDelayedJobs(ISessions sessions, double fromScore, double toScore, int count) =>
        sessions.Texts(
            $$"""
            SELECT value FROM {s}set_item
            WHERE key = '{{DueSets.Delayed}}' AND score >= @from
                AND (score <= @to OR (score < @to + 1 AND (score <= {{DueSets.Now}} OR @to > {{DueSets.Now}})))
            ORDER BY score, value LIMIT @count
            """,
            ("@from", fromScore == 0 ? double.MinValue : fromScore), ("@to", toScore), ("@count", count));

    /// <summary>A page of the recurring jobs by score, each with a field of its hash.</summary>
    public static List<(string Id, string? Value)> RecurringJobs(
        ISessions sessions, string hashPrefix, string field, double fromScore, double toScore, long from, long count)
    {
        using var session = sessions.Read();
        return session.Query(
            """
            SELECT s.value, h.value
            FROM {s}set_item AS s LEFT JOIN {s}hash_field AS h ON h.key = @prefix || s.value AND h.field = @field
            WHERE s.key = @key AND s.score BETWEEN @from AND @to
            ORDER BY s.score, s.value LIMIT @count OFFSET @offset
            """,
            static row => (row.GetString(0), row.TextOrNull(1)),
            ("@prefix", hashPrefix), ("@field", field), ("@key", DueSets.Recurring), ("@from", fromScore), ("@to", toScore),
            ("@count", count), ("@offset", from));
    }

    /// <summary>The recurring jobs, each with the fields of its hash; one without any has one row with neither.</summary>
    public static List<(string Id, string? Field, string? Value)> RecurringJobFields(ISessions sessions, string hashPrefix)
    {
        using var session = sessions.Read();
        return session.Query(
            """
            SELECT s.value, h.field, h.value
            FROM {s}set_item AS s LEFT JOIN {s}hash_field AS h ON h.key = @prefix || s.value
            WHERE s.key = @key
            """,
            static row => (row.GetString(0), row.TextOrNull(1), row.TextOrNull(2)),
            ("@prefix", hashPrefix), ("@key", DueSets.Recurring));
    }

    public static long Count(ISessions sessions, string[] keys, int limit) =>
        sessions.Number(
            "SELECT count(*) FROM (SELECT 1 FROM {s}set_item WHERE " + sessions.AnyOf("key", "@keys") + " LIMIT @limit) AS counted",
            ("@keys", keys), ("@limit", limit)) ?? 0;

    public static bool Contains(ISessions sessions, string key, string value) =>
        sessions.Number("SELECT 1 FROM {s}set_item WHERE key = @key AND value = @value", ("@key", key), ("@value", value)) is not null;
}
