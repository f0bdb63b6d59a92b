using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>How many jobs ended how, over time.</summary>
internal sealed class HistoryReader(JobStorage storage, TimeProvider time)
{
    public const int MaxMinutes = 180;
    public const int MaxHours = 7 * 24;

    /// <summary>One point a minute, oldest first; the last one is the minute that is going on.</summary>
    /// <param name="app">The app, or <see langword="null"/> for all of the schema.</param>
    public IReadOnlyList<HistoryPoint> Minutes(string? app, int count)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var last = new DateTime(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, DateTimeKind.Utc);
        return Read([.. Enumerable.Range(0, count).Select(i => last.AddMinutes(i - count + 1))], (outcome, at) =>
            Throughput.MinuteKey(app, outcome, at));
    }

    /// <inheritdoc cref="Minutes"/>
    public IReadOnlyList<HistoryPoint> Hours(string? app, int count)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var last = new DateTime(now.Year, now.Month, now.Day, now.Hour, 0, 0, DateTimeKind.Utc);
        return Read([.. Enumerable.Range(0, count).Select(i => last.AddHours(i - count + 1))], (outcome, at) =>
            Throughput.HourKey(app, outcome, at));
    }

    private List<HistoryPoint> Read(List<DateTime> times, Func<string, DateTime, string> key)
    {
        string[] outcomes = ["Succeeded", "Failed", "Deleted"];
        var counts = Counters([.. times.SelectMany(at => outcomes.Select(outcome => key(outcome, at)))]);
        return times.ConvertAll(at => new HistoryPoint
        {
            At = at,
            Succeeded = counts.GetValueOrDefault(key("Succeeded", at)),
            Failed = counts.GetValueOrDefault(key("Failed", at)),
            Deleted = counts.GetValueOrDefault(key("Deleted", at)),
        });
    }

    private IReadOnlyDictionary<string, long> Counters(IReadOnlyCollection<string> keys)
    {
        if (storage is IJobSearch search)
            return search.Counters(keys);
        using var connection = storage.GetConnection();
        return connection is JobStorageConnection extended
            ? keys.ToDictionary(static key => key, extended.GetCounter)
            : new Dictionary<string, long>();
    }
}
