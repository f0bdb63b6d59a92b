using System.Text.RegularExpressions;
using Cronos;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>A checked schedule: a cron expression that fires, in a time zone known by its IANA id.</summary>
internal sealed partial record CronSchedule(string Cron, TimeZoneInfo TimeZone)
{
    /// <returns>The schedule, or <see langword="null"/> and what is wrong with it.</returns>
    public static CronSchedule? TryCreate(string cron, string timeZone, DateTimeOffset now, out string? fault)
    {
        fault = FaultOfTimeZone(timeZone, out var zone);
        if (fault is not null)
            return null;

        var normalized = Normalize(cron);
        CronExpression expression;
        try
        {
            expression = Parse(normalized);
        }
        catch (Exception exception) when (exception is CronFormatException or MissingSeedException)
        {
            var reason = exception is MissingSeedException ? "'H' (a value chosen by hash) is not supported." : exception.Message;
            fault = $"cron '{cron}' is invalid: {reason} Write 5 fields (minute hour day month weekday), 6 with seconds first, "
                + "or a macro such as '@daily'";
            return null;
        }

        if (expression.GetNextOccurrence(now, zone!) is null)
        {
            fault = $"cron '{cron}' never fires: no date matches it. Correct the day and month";
            return null;
        }

        return new CronSchedule(normalized, zone!);
    }

    /// <returns>What is wrong with the time zone, or <see langword="null"/>.</returns>
    public static string? FaultOf(string timeZone) => FaultOfTimeZone(timeZone, out _);

    /// <summary>The first occurrence after <paramref name="now"/>, in UTC.</summary>
    public DateTime? NextAfter(DateTime now) =>
        Parse(Cron).GetNextOccurrence(DateTime.SpecifyKind(now, DateTimeKind.Utc), TimeZone);

    // Cronos takes the 7 of '7-3/2' for the last day of the week and loses days. Hangfire's schedulers parse what is stored, so that must
    // be right.
    private static string Normalize(string cron) => cron is null ? "" : SundayThatBeginsARange().Replace(cron, "0");

    // In the last field, at its beginning or in a list; '7-7' is right as it is.
    [GeneratedRegex(@"(?<=[ \t,])0*7(?=-(?!0*7(?![0-9])))(?=[^ \t]*[ \t]*\z)", RegexOptions.CultureInvariant)]
    private static partial Regex SundayThatBeginsARange();

    private static CronExpression Parse(string cron)
    {
        if (string.IsNullOrWhiteSpace(cron))
            throw new CronFormatException("it is empty.");
        // The parser takes a NUL for the end of the text.
        if (cron.Any(static c => char.IsControl(c) && c != '\t'))
            throw new CronFormatException("it contains a control character.");
        var fields = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
        return CronExpression.Parse(cron, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
    }

    private static string? FaultOfTimeZone(string id, out TimeZoneInfo? zone)
    {
        // Only IANA ids: every platform knows them, and another app's server that does not know an id would
        // disable the recurring job for all apps.
        if (TimeZoneInfo.TryConvertWindowsIdToIanaId(id, out var iana) && id != "UTC")
        {
            zone = null;
            return $"time zone '{id}' is a Windows id. Use the IANA id '{iana}'";
        }
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone)
            ? null
            : $"time zone '{id}' is unknown here. Use an IANA id such as 'Europe/Berlin' or 'UTC'";
    }
}
