using Asdamir.Data.HangfireJobs.Catalog;

namespace Asdamir.Data.Tests.Catalog;

public sealed class CronScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("*/5 * * * *", "2026-03-01T12:05:00")]
    [InlineData("  0  2 * * * ", "2026-03-02T02:00:00")]
    [InlineData("45 * * * * *", "2026-03-01T12:00:45")]
    [InlineData("@daily", "2026-03-02T00:00:00")]
    [InlineData("@hourly", "2026-03-01T13:00:00")]
    [InlineData("0 0 29 2 *", "2028-02-29T00:00:00")]
    [InlineData("0 9 * * MON-FRI", "2026-03-02T09:00:00")]
    public void TryCreate_GivesTheNextOccurrence_WhenTheExpressionIsValid(string cron, string next)
    {
        var schedule = CronSchedule.TryCreate(cron, "UTC", Now, out var fault);

        Assert.Null(fault);
        Assert.Equal(DateTime.Parse(next, System.Globalization.CultureInfo.InvariantCulture), schedule!.NextAfter(Now.UtcDateTime));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("* * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("0 2 * * FOO")]
    [InlineData("@nightly")]
    public void TryCreate_NamesTheExpression_WhenItIsInvalid(string cron)
    {
        Assert.Null(CronSchedule.TryCreate(cron, "UTC", Now, out var fault));

        Assert.StartsWith($"cron '{cron}' is invalid: ", fault, StringComparison.Ordinal);
        Assert.Contains("Write 5 fields", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 0 31 2 *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    public void TryCreate_Refuses_WhenTheExpressionNeverFires(string cron)
    {
        Assert.Null(CronSchedule.TryCreate(cron, "UTC", Now, out var fault));

        Assert.StartsWith($"cron '{cron}' never fires", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void TryCreate_NamesTheIanaId_WhenTheZoneIsAWindowsId()
    {
        Assert.Null(CronSchedule.TryCreate("@daily", "W. Europe Standard Time", Now, out var fault));

        Assert.Equal("time zone 'W. Europe Standard Time' is a Windows id. Use the IANA id 'Europe/Berlin'", fault);
    }

    [Theory]
    [InlineData("Europe/Atlantis")]
    [InlineData("")]
    public void TryCreate_Refuses_WhenTheZoneIsUnknown(string zone)
    {
        Assert.Null(CronSchedule.TryCreate("@daily", zone, Now, out var fault));

        Assert.StartsWith($"time zone '{zone}' is unknown here", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-01-10T12:00:00", "2026-01-11T01:00:00")]
    [InlineData("2026-07-10T12:00:00", "2026-07-11T00:00:00")]
    public void NextAfter_FollowsDaylightSaving_WhenTheZoneHasIt(string now, string next)
    {
        var schedule = CronSchedule.TryCreate("0 2 * * *", "Europe/Berlin", Now, out _);

        Assert.Equal(
            DateTime.Parse(next, System.Globalization.CultureInfo.InvariantCulture),
            schedule!.NextAfter(DateTime.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
    }
}
