using System.Globalization;

namespace Asdamir.AdminConsole.Features.Recurring;

/// <summary>A cron expression in words. What is too complicated for words stays as it is.</summary>
internal static class CronWords
{
    // As cron writes them, in any language of the page.
    private static readonly string[] Abbreviations = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames;

    private static readonly Dictionary<string, string> Macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@yearly"] = "0 0 1 1 *", ["@annually"] = "0 0 1 1 *", ["@monthly"] = "0 0 1 * *", ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *", ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *", ["@every_minute"] = "* * * * *", ["@every_second"] = "* * * * * *",
    };

    private static DateTimeFormatInfo Names => CultureInfo.CurrentUICulture.DateTimeFormat;

    public static string Of(string cron)
    {
        var fields = Macros.GetValueOrDefault(cron.Trim(), cron).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is ["0", _, _, _, _, _])
            fields = fields[1..];
        return fields switch
        {
            ["*", "*", "*", "*", "*", "*"] => RecurringTexts.CronEverySecond,
            [var second, "*", "*", "*", "*", "*"] when Step(second) is { } every => RecurringTexts.FormatCronEverySeconds(every),
            [var minute, var hour, var day, var month, var weekday] when TimeOf(minute, hour) is { } time
                && DayOf(day, month, weekday) is { } date =>
                date.Length == 0 ? time : RecurringTexts.FormatCronTimeAndDay(time, date),
            _ => cron,
        };
    }

    private static string? TimeOf(string minute, string hour) => (minute, hour) switch
    {
        ("*", "*") => RecurringTexts.CronEveryMinute,
        (_, "*") when Step(minute) is { } every => RecurringTexts.FormatCronEveryMinutes(every),
        (_, "*") when Number(minute) is { } at => RecurringTexts.FormatCronHourly(at),
        (_, _) when Number(minute) is { } at && Step(hour) is { } every => RecurringTexts.FormatCronEveryHours(every, at),
        (_, _) when Number(minute) is { } at && Number(hour) is { } of => RecurringTexts.FormatCronAt(Clock(of, at)),
        (_, _) when Number(minute) is { } at && hour.Split(',') is { Length: > 1 } hours
            && hours.All(static one => Number(one) is not null) =>
            RecurringTexts.FormatCronAt(string.Join(", ", hours.Select(of => Clock(Number(of), at)))),
        _ => null,
    };

    private static string? DayOf(string day, string month, string weekday) => (day, month, weekday) switch
    {
        ("*", "*", "*") => "",
        ("*", "*", "1-5" or "MON-FRI") => RecurringTexts.CronWeekdays,
        ("*", "*", _) when weekday.Split(',') is var days && days.All(static one => Weekday(one) is not null) =>
            RecurringTexts.FormatCronOnDays(string.Join(", ", days.Select(Weekday))),
        (_, "*", "*") when Number(day) is { } of => RecurringTexts.FormatCronOnDay(of),
        ("L", "*", "*") => RecurringTexts.CronLastDay,
        (_, _, "*") when Number(day) is { } of && Number(month) is >= 1 and <= 12 and var number =>
            RecurringTexts.FormatCronOnDate(of, Names.GetMonthName(number)),
        _ => null,
    };

    private static string? Weekday(string text) =>
        Number(text) is >= 0 and <= 7 and var number ? Names.DayNames[number % 7]
        : Array.FindIndex(Abbreviations, day => day.Equals(text, StringComparison.OrdinalIgnoreCase)) is >= 0 and var abbreviated
            ? Names.DayNames[abbreviated]
        : null;

    private static string Clock(int? hour, int minute) => string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}");

    private static int? Step(string text) => text.StartsWith("*/", StringComparison.Ordinal) ? Number(text[2..]) : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
