using System.Collections.Concurrent;

namespace Asdamir.Data.Storage.Sql;

/// <summary>
/// Counts rows. Up to a limit it counts them each time; larger numbers take longer than a page should, so they are
/// counted once and then refreshed in the background at most every 15 seconds.
/// </summary>
internal sealed class CappedCounts(SqlDatabase database)
{
    private const long Limit = 20_000;
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Large> _large = new(StringComparer.Ordinal);

    /// <param name="rows">What follows <c>SELECT 1</c>.</param>
    public long Count(string rows, params Parameter[] parameters)
    {
        var counted = Number($"SELECT count(*) FROM (SELECT 1 {rows} LIMIT {Limit}) AS counted", parameters);
        if (counted < Limit)
            return counted;

        var key = string.Join('\n', parameters.Select(static parameter => parameter.Value).Prepend(rows));
        var large = _large.GetOrAdd(key, _ => new Large(database.Time, Number($"SELECT count(*) {rows}", parameters)));
        if (large.TryBeginRefresh(MaxAge))
            _ = Detached.Start(() => Task.Run(() => Refresh(large, rows, parameters)));
        return Math.Max(large.Value, Limit);
    }

    private void Refresh(Large large, string rows, Parameter[] parameters)
    {
        try
        {
            large.Value = Number($"SELECT count(*) {rows}", parameters);
        }
        catch (Exception exception) when (
            exception is JobStorageUnavailableException or ObjectDisposedException || database.IsUnavailable(exception))
        {
            // The old number is shown until the database is available.
        }
    }

    private long Number(string sql, Parameter[] parameters)
    {
        using var session = database.Read();
        return session.Number(sql, parameters) ?? 0;
    }

    private sealed class Large(TimeProvider time, long value)
    {
        private long _value = value;
        private long _refreshedAt = time.GetTimestamp();

        public long Value
        {
            get => Interlocked.Read(ref _value);
            set => Interlocked.Exchange(ref _value, value);
        }

        public bool TryBeginRefresh(TimeSpan maxAge)
        {
            var last = Interlocked.Read(ref _refreshedAt);
            return time.GetElapsedTime(last) > maxAge
                && Interlocked.CompareExchange(ref _refreshedAt, time.GetTimestamp(), last) == last;
        }
    }
}
