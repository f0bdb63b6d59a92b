using Cronos;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>A checked schedule: a cron expression that fires, in a time zone known by its IANA id.</summary>
internal sealed record CronSchedule(string Cron, TimeZoneInfo TimeZone)
{
    /// <returns>The schedule, or <see langword="null"/> and what is wrong with it.</returns>
    public static CronSchedule? TryCreate(string cron, string timeZone, DateTimeOffset now, out string? fault)
    {
        fault = FaultOfTimeZone(timeZone, out var zone);
        if (fault is not null)
            return null;

        CronExpression expression;
        try
        {
            expression = Parse(cron);
        }
        catch (CronFormatException exception)
        {
            fault = $"cron '{cron}' is invalid: {exception.Message} Write 5 fields (minute hour day month weekday), 6 with seconds first, or a macro such as '@daily'";
            return null;
        }

        if (expression.GetNextOccurrence(now, zone!) is null)
        {
            fault = $"cron '{cron}' never fires: no date matches it. Correct the day and month";
            return null;
        }

        return new CronSchedule(cron, zone!);
    }

    /// <summary>The first occurrence after <paramref name="now"/>, in UTC.</summary>
    public DateTime? NextAfter(DateTime now) =>
        Parse(Cron).GetNextOccurrence(DateTime.SpecifyKind(now, DateTimeKind.Utc), TimeZone);

    private static CronExpression Parse(string cron)
    {
        if (string.IsNullOrWhiteSpace(cron))
            throw new CronFormatException("it is empty.");
        var fields = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
        return CronExpression.Parse(cron, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
    }

    private static string? FaultOfTimeZone(string id, out TimeZoneInfo? zone)
    {
        // Only IANA ids: every platform knows them, and another app's server that does not know an id would
        // disable the recurring job for everybody.
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
