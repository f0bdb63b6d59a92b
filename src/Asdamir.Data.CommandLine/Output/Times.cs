using System.Globalization;

namespace Asdamir.Data.CommandLine.Output;

/// <summary>Times as people read them: UTC, to the second.</summary>
internal static class Times
{
    public static string Of(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A duration to the largest two units, as in <c>2h 5m</c>.</summary>
    public static string Of(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalDays}d {duration.Hours}h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.Hours}h {duration.Minutes}m"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes}m {duration.Seconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max((int)duration.TotalSeconds, 0)}s"),
    };
}
