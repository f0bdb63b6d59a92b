using Asdamir.AdminConsole.Features.Recurring;

namespace Asdamir.AdminConsole.Tests.Features.Recurring;

public sealed class CronWordsTests
{
    [Theory]
    [InlineData("* * * * *", "every minute")]
    [InlineData("*/5 * * * *", "every 5 minutes")]
    [InlineData("7 * * * *", "every hour at minute 7")]
    [InlineData("0 */6 * * *", "every 6 hours at minute 0")]
    [InlineData("30 3 * * *", "at 03:30")]
    [InlineData("0 8,12,18 * * *", "at 08:00, 12:00, 18:00")]
    [InlineData("0 6 * * 1-5", "at 06:00, Monday to Friday")]
    [InlineData("0 6 * * MON-FRI", "at 06:00, Monday to Friday")]
    [InlineData("0 6 * * 0", "at 06:00, on Sunday")]
    [InlineData("0 6 * * 7", "at 06:00, on Sunday")]
    [InlineData("0 6 * * sat,SUN", "at 06:00, on Saturday, Sunday")]
    [InlineData("15 2 1 * *", "at 02:15, on day 1 of the month")]
    [InlineData("15 2 L * *", "at 02:15, on the last day of the month")]
    [InlineData("0 0 24 12 *", "at 00:00, on 24 December")]
    [InlineData("0 30 3 * * *", "at 03:30")]
    [InlineData("* * * * * *", "every second")]
    [InlineData("*/10 * * * * *", "every 10 seconds")]
    [InlineData("@daily", "at 00:00")]
    [InlineData("@HOURLY", "every hour at minute 0")]
    [InlineData("@weekly", "at 00:00, on Sunday")]
    [InlineData("@yearly", "at 00:00, on 1 January")]
    public void Words_SayWhen(string cron, string words) => Assert.Equal(words, CronWords.Of(cron));

    [Theory]
    [InlineData("0 6 1 * 1")]
    [InlineData("0 6 * * 1#2")]
    [InlineData("0 6 * * 8")]
    [InlineData("0 6 1 13 *")]
    [InlineData("0-10 * * * *")]
    [InlineData("5 30 3 * * *")]
    [InlineData("99999999999 * * * *")]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("<b> * * * *")]
    public void Expression_StaysAsItIs_WhenThereAreNoWordsForIt(string cron) => Assert.Equal(cron, CronWords.Of(cron));
}
