using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Tests.Features.Jobs;

/// <summary>Failed jobs by the kind of their error.</summary>
public sealed class FailuresPageTests : OneCompany
{
    private const string Act = "/acme/jobs/act";

    [Fact]
    public async Task Groups_AreShownWithCounts_TheMostFirst_AndLeadToTheirJobs()
    {
        Acme.FailMany(3, "Mailbox 1 is full");
        var away = Acme.Fail("The mail server is away");
        var ada = await OperatorAsync();

        var answer = await ada.GetAsync("/acme/jobs/failed");

        var rows = answer.Page.QuerySelectorAll(".failures tbody tr");
        Assert.Equal(["3", "1"], rows.Select(static row => row.QuerySelector(".number")!.TextContent));
        Assert.Contains("Mailbox 1 is full", rows[0].TextContent, StringComparison.Ordinal);
        var jobs = await ada.GetAsync(rows[1].QuerySelector("a")!.GetAttribute("href")!);
        Assert.Equal(away, Assert.Single(jobs.Page.QuerySelectorAll("tbody tr")).QuerySelector("[data-copy]")!.GetAttribute("data-copy"));
    }

    [Fact]
    public async Task Requeue_OfAGroup_TouchesNeitherOtherErrorsNorWhatFailsLater()
    {
        var full = Acme.FailMany(2, "Mailbox 1 is full");
        var away = Acme.Fail("The mail server is away");
        var ada = await OperatorAsync();
        var page = await ada.GetAsync("/acme/jobs/failed");
        var later = Acme.Fail("Mailbox 2 is full");

        var question = await ada.PostAsync(Act, page.Form(".failures tbody tr:first-child form", "requeue-all"));
        Assert.Contains("Requeue 2 jobs of acme?", question.Text, StringComparison.Ordinal);
        var (path, fields) = question.Asked("the mailbox is empty");
        var answer = await ada.PostAsync(path, fields);

        Assert.StartsWith("/acme/jobs/failed", answer.Location, StringComparison.Ordinal);
        Assert.All(full, job => Assert.Equal(JobState.Enqueued, Acme.StateOf(job)));
        Assert.All([away, later], job => Assert.Equal(JobState.Failed, Acme.StateOf(job)));
    }

    [Fact]
    public async Task Tabs_LeadToTheGroups_UnlessTheListIsNarrowed()
    {
        Acme.Fail();
        var ada = await OperatorAsync();

        Assert.Equal("/acme/jobs/failed?app=crm", await FailedTabAsync("/acme/jobs?app=crm"));
        Assert.Equal("/acme/jobs?state=Failed&name=MailJob", await FailedTabAsync("/acme/jobs?name=MailJob"));
        Assert.StartsWith(
            "/acme/jobs?state=Failed&to=", await FailedTabAsync("/acme/jobs?to=2026-01-01T00:00:00Z"), StringComparison.Ordinal);

        async Task<string?> FailedTabAsync(string path) =>
            (await ada.GetAsync(path)).Page.QuerySelector(".tabs [data-state=Failed]")!.GetAttribute("href");
    }
}
