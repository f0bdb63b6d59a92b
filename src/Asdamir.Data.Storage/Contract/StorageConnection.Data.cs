using Asdamir.Data.Storage.Engine.Clock;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Contract;

// Sets, hashes, lists and counters.
internal sealed partial class StorageConnection
{
    public override HashSet<string> GetAllItemsFromSet(string key) =>
        [.. Texts("SELECT value FROM {s}set_item WHERE key = @key", key)];

    public override string? GetFirstByLowestScoreFromSet(string key, double fromScore, double toScore) =>
        GetFirstByLowestScoreFromSet(key, fromScore, toScore, 1).FirstOrDefault();

    public override List<string> GetFirstByLowestScoreFromSet(string key, double fromScore, double toScore, int count)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (count <= 0)
            throw new ArgumentException($"The number of entries must be positive; it is {count}.", nameof(count));
        if (double.IsNaN(fromScore) || double.IsNaN(toScore))
        {
            throw new ArgumentException(
                $"Scores from {fromScore} to {toScore} are no range. Fix: use numbers or infinities.",
                double.IsNaN(fromScore) ? nameof(fromScore) : nameof(toScore));
        }
        if (toScore < fromScore)
        {
            throw new ArgumentException(
                $"The highest score ({toScore}) must not be lower than the lowest one ({fromScore}).", nameof(toScore));
        }
        using var session = _sessions.Read();
        if (key == DueSets.Delayed)
            return DueDelayedJobs(session, fromScore, toScore, count);
        if (key == RecurringJobs.Set && _engine.JobLoader is { } loader)
            return RecurringJobs.Loadable(session, loader, fromScore, toScore, count);
        return session.Query(
            "SELECT value FROM {s}set_item WHERE key = @key AND score BETWEEN @from AND @to ORDER BY score, value LIMIT @count",
            static row => row.GetString(0), ("@key", key), ("@from", fromScore), ("@to", toScore), ("@count", count));
    }

    // Hangfire's scheduler asks up to the last full second, from 0 on. A job may be due within the second that has begun, or before 1970.
    private static List<string> DueDelayedJobs(Session session, double fromScore, double toScore, int count) =>
        session.Query(
            $$"""
            SELECT value FROM {s}set_item
            WHERE key = '{{DueSets.Delayed}}' AND score >= @from
                AND (score <= @to OR (score < @to + 1 AND (score <= {{DueSets.Now}} OR @to > {{DueSets.Now}})))
            ORDER BY score, value LIMIT @count
            """,
            static row => row.GetString(0), ("@from", fromScore == 0 ? double.MinValue : fromScore), ("@to", toScore), ("@count", count));

    public override long GetSetCount(string key) => Number("SELECT count(*) FROM {s}set_item WHERE key = @key", key) ?? 0;

    public override long GetSetCount(IEnumerable<string> keys, int limit)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (limit < 0)
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit must not be negative.");
        using var session = _sessions.Read();
        return session.Number(
            "SELECT count(*) FROM (SELECT 1 FROM {s}set_item WHERE " + _sessions.AnyOf("key", "@keys") + " LIMIT @limit) AS counted",
            ("@keys", keys.Distinct(StringComparer.Ordinal).ToArray()), ("@limit", limit)) ?? 0;
    }

    public override bool GetSetContains(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        using var session = _sessions.Read();
        return session.Number(
            "SELECT 1 FROM {s}set_item WHERE key = @key AND value = @value", ("@key", key), ("@value", value)) is not null;
    }

    public override List<string> GetRangeFromSet(string key, int startingFrom, int endingAt) =>
        Range(
            "SELECT value FROM {s}set_item WHERE key = @key ORDER BY score, value LIMIT @count OFFSET @from", key, startingFrom, endingAt);

    public override TimeSpan GetSetTtl(string key) => Ttl("SELECT min(expire_at) FROM {s}set_item WHERE key = @key", key);

    public override void SetRangeInHash(string key, IEnumerable<KeyValuePair<string, string>> keyValuePairs)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(keyValuePairs);
        var set = new WriteSet();
        foreach (var (field, value) in keyValuePairs)
            set.Data.Add(new DataWrite(DataChange.HashPut, StorableText.Of(key), StorableText.Of(field), StorableText.OrNull(value)));
        Commit(set);
    }

    public override Dictionary<string, string>? GetAllEntriesFromHash(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _pending.Flush();
        using var session = _sessions.Read();
        var entries = session.Query(
            "SELECT field, value FROM {s}hash_field WHERE key = @key",
            static row => KeyValuePair.Create(row.GetString(0), row.TextOrNull(1)!), ("@key", key));
        if (entries.Count == 0)
            return null;
        var hash = new Dictionary<string, string>(entries);
        if (_engine.JobLoader is { } loader && key.StartsWith(RecurringJobs.KeyPrefix, StringComparison.Ordinal))
            RecurringJobs.Guard(hash, loader);
        return hash;
    }

    public override string? GetValueFromHash(string key, string name)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(name);
        using var session = _sessions.Read();
        return session.First(
            "SELECT value FROM {s}hash_field WHERE key = @key AND field = @field", static row => row.TextOrNull(0), ("@key", key),
            ("@field", name));
    }

    public override long GetHashCount(string key) => Number("SELECT count(*) FROM {s}hash_field WHERE key = @key", key) ?? 0;

    public override TimeSpan GetHashTtl(string key) => Ttl("SELECT min(expire_at) FROM {s}hash_field WHERE key = @key", key);

    public override long GetListCount(string key) => Number("SELECT count(*) FROM {s}list_item WHERE key = @key", key) ?? 0;

    public override List<string> GetAllItemsFromList(string key) =>
        Texts("SELECT value FROM {s}list_item WHERE key = @key ORDER BY id DESC", key);

    public override List<string> GetRangeFromList(string key, int startingFrom, int endingAt) =>
        Range("SELECT value FROM {s}list_item WHERE key = @key ORDER BY id DESC LIMIT @count OFFSET @from", key, startingFrom, endingAt);

    public override TimeSpan GetListTtl(string key) => Ttl("SELECT min(expire_at) FROM {s}list_item WHERE key = @key", key);

    public override long GetCounter(string key) => Number(
        $$"""
        SELECT CAST(coalesce(sum(value), 0) AS bigint) FROM (
            SELECT value FROM {s}counter WHERE key = @key UNION ALL SELECT value FROM {s}counter_total WHERE key = @key) AS counted
        WHERE {{CounterReads.Plausible}}
        """,
        key) ?? 0;

    private long? Number(string sql, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var session = _sessions.Read();
        return session.Number(sql, ("@key", key));
    }

    private List<string> Texts(string sql, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var session = _sessions.Read();
        return session.Query(sql, static row => row.TextOrNull(0)!, ("@key", key));
    }

    private List<string> Range(string sql, string key, int startingFrom, int endingAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (startingFrom < 0)
            throw new ArgumentException($"The first place of a range must not be negative; it is {startingFrom}.", nameof(startingFrom));
        if (endingAt < startingFrom)
            throw new ArgumentException($"A range must not end ({endingAt}) before it starts ({startingFrom}).", nameof(endingAt));
        using var session = _sessions.Read();
        return session.Query(
            sql, static row => row.TextOrNull(0)!, ("@key", key), ("@from", startingFrom), ("@count", (long)endingAt - startingFrom + 1));
    }

    /// <returns>Below zero when the key does not exist or does not expire.</returns>
    private TimeSpan Ttl(string sql, string key) =>
        Number(sql, key) is { } expireAt ? Micros.ToUtc(expireAt) - DateTime.UtcNow : TimeSpan.FromSeconds(-1);
}
