using System.Globalization;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The counters behind the charts: ended jobs by final state, by app and for all apps, per minute and per hour. They are incremented
/// in the transaction that ends the job, so that only ended jobs count.
/// </summary>
internal static class Throughput
{
    public static readonly TimeSpan MinutesKept = TimeSpan.FromHours(3);
    public static readonly TimeSpan HoursKept = TimeSpan.FromDays(8);

    private const string AllApps = "*";

    /// <param name="app">The app, or <see langword="null"/> for the whole schema.</param>
    /// <param name="outcome">The name of the final state.</param>
    public static string MinuteKey(string? app, string outcome, DateTime at) => Key(app, outcome, at, "yyyyMMddHHmm");

    /// <inheritdoc cref="MinuteKey"/>
    public static string HourKey(string? app, string outcome, DateTime at) => Key(app, outcome, at, "yyyyMMddHH");

    private static string Key(string? app, string outcome, DateTime at, string format) =>
        string.Create(CultureInfo.InvariantCulture, $"jobs:{app ?? AllApps}:{outcome}:{at.ToString(format, CultureInfo.InvariantCulture)}");
}
