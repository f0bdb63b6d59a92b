using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Contract;

// Sets, hashes, lists and counters.
internal sealed partial class StorageConnection
{
    public override HashSet<string> GetAllItemsFromSet(string key) =>
        [.. KeyedTable.Sets.Values(_sessions, NotNull(key))];

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
        if (key == DueSets.Delayed)
            return SetTable.DueDelayedJobs(_sessions, fromScore, toScore, count);
        if (key == DueSets.Recurring && _open.JobLoader is { } loader)
            return RecurringJobs.Loadable(_sessions, loader, fromScore, toScore, count);
        return SetTable.Lowest(_sessions, key, fromScore, toScore, count);
    }

    public override long GetSetCount(string key) => KeyedTable.Sets.Count(_sessions, NotNull(key));

    public override long GetSetCount(IEnumerable<string> keys, int limit)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (limit < 0)
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit must not be negative.");
        return SetTable.Count(_sessions, keys.Distinct(StringComparer.Ordinal).ToArray(), limit);
    }

    public override bool GetSetContains(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return SetTable.Contains(_sessions, key, value);
    }

    public override List<string> GetRangeFromSet(string key, int startingFrom, int endingAt) =>
        KeyedTable.Sets.Values(_sessions, NotNull(key), startingFrom, Length(startingFrom, endingAt));

    public override TimeSpan GetSetTtl(string key) => Left(KeyedTable.Sets.ExpireAt(_sessions, NotNull(key)));

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
        var hash = HashTable.All(_sessions, key);
        if (hash.Count == 0)
            return null;
        RememberRecurring(key, hash);
        if (_open.JobLoader is { } loader && key.StartsWith(RecurringJobs.KeyPrefix, StringComparison.Ordinal))
            RecurringJobs.Guard(hash, loader);
        return hash;
    }

    public override string? GetValueFromHash(string key, string name)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(name);
        return HashTable.Value(_sessions, key, name);
    }

    public override long GetHashCount(string key) => KeyedTable.Hashes.Count(_sessions, NotNull(key));

    public override TimeSpan GetHashTtl(string key) => Left(KeyedTable.Hashes.ExpireAt(_sessions, NotNull(key)));

    public override long GetListCount(string key) => KeyedTable.Lists.Count(_sessions, NotNull(key));

    public override List<string> GetAllItemsFromList(string key) => KeyedTable.Lists.Values(_sessions, NotNull(key));

    public override List<string> GetRangeFromList(string key, int startingFrom, int endingAt) =>
        KeyedTable.Lists.Values(_sessions, NotNull(key), startingFrom, Length(startingFrom, endingAt));

    public override TimeSpan GetListTtl(string key) => Left(KeyedTable.Lists.ExpireAt(_sessions, NotNull(key)));

    public override long GetCounter(string key) => CounterTable.Value(_sessions, NotNull(key));

    private static string NotNull(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key;
    }

    private static long Length(int startingFrom, int endingAt)
    {
        if (startingFrom < 0)
            throw new ArgumentException($"The first place of a range must not be negative; it is {startingFrom}.", nameof(startingFrom));
        if (endingAt < startingFrom)
            throw new ArgumentException($"A range must not end ({endingAt}) before it starts ({startingFrom}).", nameof(endingAt));
        return (long)endingAt - startingFrom + 1;
    }

    /// <returns>Below zero when the key does not exist or does not expire.</returns>
    private TimeSpan Left(long? expireAt) =>
        expireAt is { } at ? Micros.ToUtc(at) - _engine.Database.Time.GetUtcNow().UtcDateTime : TimeSpan.FromSeconds(-1);
}
