using System.Globalization;

namespace Asdamir.AdminConsole.Features.Recurring;

/// <summary>A cron expression in words. What is too complicated for words stays as it is.</summary>
internal static class CronWords
{
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly Dictionary<string, string> Macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@yearly"] = "0 0 1 1 *", ["@annually"] = "0 0 1 1 *", ["@monthly"] = "0 0 1 * *", ["@weekly"] = "0 0 * * 0", ["@daily"] = "0 0 * * *", ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *", ["@every_minute"] = "* * * * *", ["@every_second"] = "* * * * * *",
    };

    public static string Of(string cron)
    {
        var fields = Macros.GetValueOrDefault(cron.Trim(), cron).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is ["0", _, _, _, _, _])
            fields = fields[1..];
        return fields switch
        {
            ["*", "*", "*", "*", "*", "*"] => "every second",
            [var second, "*", "*", "*", "*", "*"] when Step(second) is { } every => $"every {every} seconds",
            [var minute, var hour, var day, var month, var weekday] when TimeOf(minute, hour) is { } time && DayOf(day, month, weekday) is { } date => date.Length == 0 ? time : $"{time}, {date}",
            _ => cron,
        };
    }

    private static string? TimeOf(string minute, string hour) => (minute, hour) switch
    {
        ("*", "*") => "every minute",
        (_, "*") when Step(minute) is { } every => $"every {every} minutes",
        (_, "*") when Number(minute) is { } at => $"every hour at minute {at}",
        (_, _) when Number(minute) is { } at && Step(hour) is { } every => $"every {every} hours at minute {at}",
        (_, _) when Number(minute) is { } at && Number(hour) is { } of => string.Create(CultureInfo.InvariantCulture, $"at {of:00}:{at:00}"),
        (_, _) when Number(minute) is { } at && hour.Split(',') is { Length: > 1 } hours && hours.All(static one => Number(one) is not null) =>
            "at " + string.Join(", ", hours.Select(of => string.Create(CultureInfo.InvariantCulture, $"{Number(of):00}:{at:00}"))),
        _ => null,
    };

    private static string? DayOf(string day, string month, string weekday) => (day, month, weekday) switch
    {
        ("*", "*", "*") => "",
        ("*", "*", "1-5" or "MON-FRI") => "Monday to Friday",
        ("*", "*", _) when weekday.Split(',') is var days && days.All(static one => Weekday(one) is not null) => "on " + string.Join(", ", days.Select(Weekday)),
        (_, "*", "*") when Number(day) is { } of => $"on day {of} of the month",
        ("L", "*", "*") => "on the last day of the month",
        (_, _, "*") when Number(day) is { } of && Number(month) is >= 1 and <= 12 and var number => $"on {of} {CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(number)}",
        _ => null,
    };

    private static string? Weekday(string text) =>
        Number(text) is >= 0 and <= 7 and var number ? Days[number % 7]
        : text.Length == 3 ? Array.Find(Days, day => day.StartsWith(text, StringComparison.OrdinalIgnoreCase))
        : null;

    private static int? Step(string text) => text.StartsWith("*/", StringComparison.Ordinal) ? Number(text[2..]) : null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
