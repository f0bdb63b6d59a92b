using Asdamir.Data.Storage.Engine.Clock;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// Of which times this process has told the clocks of others a moment ago: what is due later needs no notification, as they wake before. So
/// thousands of jobs with the same delay do not make thousands of notifications.
/// </summary>
internal sealed class ToldTimes(TimeProvider time)
{
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(1);

    // A time that has passed when the next job is written says nothing about it. Longer than the validity, as machines differ in time.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<DueJobs, (double Due, long ToldAt)> _told = [];

    /// <summary>
    /// Whether the clocks wake early enough for all of these jobs. Otherwise they have to be notified, which this method records.
    /// </summary>
    public bool AreSoonerThan(IReadOnlyList<DataWrite> scheduled)
    {
        lock (_gate)
        {
            var areSooner = true;
            foreach (var jobs in scheduled.GroupBy(static write => ScheduledWrites.KindOf(write)!.Value, static write => write.Score))
                areSooner &= IsSoonerThan(jobs.Key, jobs.Min());
            return areSooner;
        }
    }

    private bool IsSoonerThan(DueJobs jobs, double due)
    {
        if (_told.TryGetValue(jobs, out var last) && last.Due <= due && time.GetElapsedTime(last.ToldAt) < Validity
            && last.Due > (Micros.Now(time) / DueSets.MicrosPerSecond) + Ahead.TotalSeconds)
        {
            return true;
        }
        _told[jobs] = (due, time.GetTimestamp());
        return false;
    }
}
