using Asdamir.Data.HangfireJobs;
using Hangfire.Common;

namespace Asdamir.AdminConsole.Tests.Features.Recurring;

/// <summary>A company whose only app is dead does not look healthy.</summary>
public sealed class LateJobTests : OneCompany
{
    [Fact]
    public async Task Pages_SayThatNoServerIsAlive_AndWhichRecurringJobIsLate()
    {
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("report", "0 3 * * *", new RecurringOptions { Id = "daily" });
        using (var connection = Acme.Storage.GetConnection())
        {
            connection.SetRangeInHash(
                "recurring-job:daily",
                new Dictionary<string, string> { ["NextExecution"] = JobHelper.SerializeDateTime(DateTime.UtcNow.AddMinutes(-15)) });
        }
        var ada = await OperatorAsync();

        var companies = await ada.GetAsync("/companies");
        var overview = await ada.GetAsync("/acme");
        var recurring = await ada.GetAsync("/acme/recurring");

        Assert.Contains("no server is alive", companies.Page.QuerySelector(".card .bad")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("No server is alive", overview.Page.QuerySelector("li.bad")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("late: due ", recurring.Page.QuerySelector("td .bad")!.TextContent.Trim(), StringComparison.Ordinal);
    }
}
