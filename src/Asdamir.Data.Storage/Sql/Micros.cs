namespace Asdamir.Data.Storage.Sql;

/// <summary>Times as they are stored: microseconds since 1970-01-01 UTC.</summary>
internal static class Micros
{
    private static readonly long First = Of(DateTime.MinValue);
    private static readonly long Last = Of(DateTime.MaxValue);

    public static long Now(TimeProvider time) => Of(time.GetUtcNow().UtcDateTime);

    public static long Of(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long Of(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan ToTimeSpan(long micros) => TimeSpan.FromTicks(micros * TimeSpan.TicksPerMicrosecond);

    /// <summary>A time from now, clamped to the calendar.</summary>
    public static long After(TimeProvider time, TimeSpan duration)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return Of(duration > DateTime.MaxValue - now ? DateTime.MaxValue : now + duration);
    }

    /// <remarks>A time outside the calendar is clamped: one corrupt row must not make a list or a queue unreadable.</remarks>
    public static DateTime ToUtc(long micros) =>
        DateTime.UnixEpoch.AddTicks(Math.Clamp(micros, First, Last) * TimeSpan.TicksPerMicrosecond);
}
