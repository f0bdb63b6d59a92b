using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Hosting;

/// <summary>A viewer looks, and does not act.</summary>
public sealed class ViewerTests : OneCompany
{
    [Theory]
    [InlineData("requeue")]
    [InlineData("delete")]
    [InlineData("requeue-all")]
    [InlineData("delete-all")]
    public async Task ForgedFormOfAViewer_ChangesNoJobAndIsInTheAudit(string action)
    {
        var job = Acme.Fail();
        var viewer = await Site.WelcomeAsync("eve", "viewer:acme");

        var answer = await viewer.SubmitAsync(
            "/acme/jobs/act", ("action", action), ("job", $"{job}|Failed"), ("state", "Failed"), ("reason", "mine"), ("confirmed", "1"));

        Assert.Equal((HttpStatusCode.Forbidden, JobState.Failed), (answer.Status, Acme.StateOf(job)));
        var line = Site.Audit("acme")[0];
        Assert.Equal(
            ("Denied", "eve", "Viewer", "POST /acme/jobs/act", "A viewer may not act."),
            (line.Phase, line.Actor, line.Role, line.Target, line.Reason));
    }

    [Theory]
    [InlineData("trigger")]
    [InlineData("pause")]
    [InlineData("resume")]
    public async Task ForgedFormOfAViewer_ChangesNoRecurringJobAndIsInTheAudit(string action)
    {
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("", "@daily", new RecurringOptions { Id = "daily" });
        var viewer = await Site.WelcomeAsync("eve", "viewer:acme");
        var before = (await viewer.GetAsync("/acme/recurring")).Text;

        var answer = await viewer.SubmitAsync(
            "/acme/recurring/act", ("action", action), ("id", "daily"), ("reason", "mine"), ("confirmed", "1"));

        Assert.Equal((HttpStatusCode.Forbidden, before), (answer.Status, (await viewer.GetAsync("/acme/recurring")).Text));
        Assert.Null(Acme.Recurring("daily").LastJobId);
        Assert.Equal(("Denied", "eve"), (Site.Audit("acme")[0].Phase, Site.Audit("acme")[0].Actor));
    }

    [Theory]
    [InlineData("changelimit")]
    [InlineData("resetlimit")]
    public async Task ForgedFormOfAViewer_ChangesNoLimitAndIsInTheAudit(string action)
    {
        var viewer = await Site.WelcomeAsync("eve", "viewer:acme");
        var before = (await viewer.GetAsync("/acme/limits")).Text;

        var answer = await viewer.SubmitAsync(
            "/acme/limits/act", ("action", action), ("queue", TestCompany.Queue), ("name", "smtp"), ("number", "1"), ("reason", "mine"),
            ("confirmed", "1"));

        Assert.Equal((HttpStatusCode.Forbidden, before), (answer.Status, (await viewer.GetAsync("/acme/limits")).Text));
        Assert.Equal(("Denied", "eve"), (Site.Audit("acme")[0].Phase, Site.Audit("acme")[0].Actor));
    }

    [Theory]
    [InlineData("/acme/jobs?state=Failed")]
    [InlineData("/acme/jobs/{0}")]
    [InlineData("/acme/recurring")]
    [InlineData("/acme/limits")]
    public async Task Viewer_IsOfferedNothingToActWith(string page)
    {
        var job = Acme.Fail();
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("", "@daily", new RecurringOptions { Id = "daily" });
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, page, job);

        Assert.Empty((await (await Site.WelcomeAsync("eve", "viewer:acme")).GetAsync(path)).Page.QuerySelectorAll("button[name=action]"));
        Assert.NotEmpty((await (await OperatorAsync()).GetAsync(path)).Page.QuerySelectorAll("button[name=action]"));
    }

    [Fact]
    public async Task GrantsOfOneCompany_AreNoneOfAnotherOneWithALongerName()
    {
        await using var acme2 = await TestCompany.StartAsync("acme-2");
        await using var console = await ConsoleHost.StartAsync(Acme, acme2);
        var visitor = await console.WelcomeAsync("ada", "operator:acme", "viewer:acme-2");

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await visitor.SubmitAsync("/acme-2/jobs/act", ("action", "requeue"), ("job", $"{acme2.Fail()}|Failed"))).Status);
    }
}
