using System.Globalization;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Durations as attributes write them, such as <c>00:05:00</c>.</summary>
internal static class DurationText
{
    public const string Range = "a time from 00:00:00 to 24 days";

    public static bool TryRead(string text, out TimeSpan duration) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero && duration.TotalDays <= 24;
}
