using System.Globalization;

namespace Asdamir.AdminConsole.Controls;

/// <summary>Durations in the largest unit that fits, rounded.</summary>
internal static class Durations
{
    /// <summary>Milliseconds too, for what is short.</summary>
    public static string Exact(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => ControlsTexts.FormatMilliseconds(Number(duration.TotalMilliseconds)),
        { TotalSeconds: < 10 } => ControlsTexts.FormatSeconds(duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)),
        _ => Text(duration),
    };

    public static string Text(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 90 } => ControlsTexts.FormatSeconds(Number(duration.TotalSeconds)),
        { TotalMinutes: < 90 } => ControlsTexts.FormatMinutes(Number(duration.TotalMinutes)),
        _ => ControlsTexts.FormatHours(Number(duration.TotalHours)),
    };

    private static string Number(double value) => Math.Round(value).ToString(CultureInfo.InvariantCulture);
}
