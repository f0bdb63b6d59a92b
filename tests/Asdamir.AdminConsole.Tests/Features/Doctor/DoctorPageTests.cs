using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Features.Doctor;

public sealed class DoctorPageTests : OneCompany
{
    [Fact]
    public async Task Page_ShowsEachFindingWithItsFix()
    {
        Acme.Jobs.Enqueue<MailJob, string>("to a customer");
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("report", "0 3 * * *", new RecurringOptions { Id = "daily" });
        using (var connection = Acme.Storage.GetConnection())
        {
            connection.SetRangeInHash(
                "recurring-job:daily", new Dictionary<string, string> { ["Error"] = "<b>password=hunter2</b>", ["NextExecution"] = "" });
        }
        var ada = await OperatorAsync();

        var page = (await ada.GetAsync("/acme/doctor")).Page;

        var rows = page.QuerySelectorAll("table.cards tbody tr").Select(static row => row.TextContent).ToList();
        Assert.Contains(rows, static row => row.Contains("QueueWithoutServer", StringComparison.Ordinal)
            && row.Contains("start the app with AppQueue", StringComparison.Ordinal));
        var broken = Assert.Single(rows, static row => row.Contains("recurring job daily", StringComparison.Ordinal));
        Assert.Contains("RecurringJobInError", broken, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", broken, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("td b"));
    }

    [Fact]
    public async Task Page_OfAnApp_ShowsWhatConcernsIt()
    {
        Acme.Jobs.Enqueue<MailJob, string>("to a customer");
        var ada = await OperatorAsync();

        var page = (await ada.GetAsync("/acme/doctor?app=hr")).Page;

        Assert.DoesNotContain("QueueWithoutServer", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Nothing was found.", page.QuerySelector(".none")!.TextContent, StringComparison.Ordinal);
    }
}
