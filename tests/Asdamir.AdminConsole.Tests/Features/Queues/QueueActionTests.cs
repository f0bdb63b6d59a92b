using System.Net;
using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;

namespace Asdamir.AdminConsole.Tests.Features.Queues;

/// <summary>Pause and resume of a queue, and where a pause is shown.</summary>
public sealed class QueueActionTests : OneCompany
{
    private const string Act = "/acme/queues/act";

    private IJobPauses Pauses => (IJobPauses)Acme.Storage;

    [Fact]
    public async Task PausedQueue_IsShownEverywhere_UntilItIsResumed()
    {
        var job = Acme.Jobs.Enqueue<MailJob, string>("to a customer");
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("report", "0 3 * * *", new RecurringOptions { Id = "daily" });
        var ada = await OperatorAsync();
        var question = await ada.PostAsync(Act, Chosen(await ada.GetAsync("/acme/queues"), "pausequeue"));
        Assert.Contains("Pause crm of acme?", question.Text, StringComparison.Ordinal);
        Assert.Contains("No process begins its jobs", question.Text, StringComparison.Ordinal);
        Assert.Empty(Pauses.Pauses());

        var (path, fields) = question.Asked("Ledger <migration>");
        var page = await ada.GetAsync((await ada.PostAsync(path, [.. fields, ("for", "4h")])).Location!);

        Assert.Contains("Paused 1.", page.Text, StringComparison.Ordinal);
        var pause = Assert.Single(Pauses.Pauses());
        Assert.Equal(("crm", "Ledger <migration>", "ada"), (pause.Name, pause.Reason, pause.By));
        Assert.InRange(pause.Until!.Value - pause.At, TimeSpan.FromHours(3.5), TimeSpan.FromHours(4.5));
        foreach (var address in new[] { "/acme/queues", "/acme", $"/acme/jobs/{job}", "/acme/recurring" })
        {
            var text = (await ada.GetAsync(address)).Text;
            Assert.True(Regex.IsMatch(text, @"Paused [\d: -]+ UTC by ada until [\d: -]+ UTC Ledger <migration>"), text);
        }
        Assert.Contains("1 queue is paused", (await ada.GetAsync("/companies")).Text, StringComparison.Ordinal);
        Assert.Contains("Notice", (await ada.GetAsync("/acme/doctor")).Text, StringComparison.Ordinal);
        Assert.Null((await ada.GetAsync("/acme/queues")).Page.QuerySelector("small.bad"));

        var resuming = await ada.PostAsync(Act, Chosen(await ada.GetAsync("/acme/queues"), "resumequeue"));
        (path, fields) = resuming.Asked("done");
        page = await ada.GetAsync((await ada.PostAsync(path, fields)).Location!);

        Assert.Contains("Resumed 1.", page.Text, StringComparison.Ordinal);
        Assert.Empty(Pauses.Pauses());
        Assert.DoesNotContain("Paused", (await ada.GetAsync("/acme")).Text, StringComparison.Ordinal);
        Assert.Equal(
            [("ResumeQueue", "crm", "done"), ("PauseQueue", "crm", "Ledger <migration>")],
            Site.Audit("acme").Where(static entry => entry.Phase == "Completed")
                .Select(static entry => (entry.Action, entry.Target!.Split(' ')[0], entry.Reason)));
    }

    [Fact]
    public async Task Pause_LastsUntilTheQueueIsResumed_UnlessATimeIsChosen()
    {
        var ada = await OperatorAsync();

        await ada.SubmitAsync(Act, ("action", "pausequeue"), ("queue", "crm"), ("reason", "x"), ("for", ""), ("confirmed", "1"));

        Assert.Null(Assert.Single(Pauses.Pauses()).Until);
    }

    [Theory]
    [InlineData("pausequeue")]
    [InlineData("resumequeue")]
    public async Task Action_IsNotTaken_WithoutAReason(string action)
    {
        Pauses.Pause(JobPauseKind.Queue, "hr");
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(
            Act, ("action", action), ("queue", action == "pausequeue" ? "crm" : "hr"), ("reason", " "), ("confirmed", "1"));

        Assert.Contains("Give a reason: it is written to the audit.", answer.Text, StringComparison.Ordinal);
        Assert.Equal(["hr"], Pauses.Pauses().Select(static pause => pause.Name));
    }

    [Theory]
    [InlineData("explode", "crm", "")]
    [InlineData("pausequeue", "", "")]
    [InlineData("pausequeue", "crm", "1000000d")]
    public async Task FormThatIsNotUnderstood_DoesNothing(string action, string queue, string length)
    {
        var answer = await (await OperatorAsync()).SubmitAsync(
            Act, ("action", action), ("queue", queue), ("for", length), ("reason", "x"), ("confirmed", "1"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty(Pauses.Pauses());
        Assert.DoesNotContain(Site.Audit("acme"), static entry => entry.Phase == "Intended");
    }

    [Fact]
    public async Task QueueThatIsNotPaused_IsSkippedWithItsReason()
    {
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(Act, ("action", "resumequeue"), ("queue", "crm"), ("reason", "x"), ("confirmed", "1"));

        Assert.Contains(
            "Resumed 0, skipped 1. Why crm The queue 'crm' is not paused.", (await ada.GetAsync(answer.Location!)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Viewer_SeesThePause_AndCannotAct()
    {
        Acme.Jobs.Enqueue<MailJob, string>("to a customer");
        Pauses.Pause(JobPauseKind.Queue, "crm", "migration");
        var eve = await Site.WelcomeAsync("eve", "viewer:acme");

        var page = await eve.GetAsync("/acme/queues");
        var refused = await eve.SubmitAsync(Act, ("action", "resumequeue"), ("queue", "crm"), ("reason", "x"), ("confirmed", "1"));

        Assert.Contains("migration", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Page.QuerySelector("form[data-act]"));
        Assert.NotEqual(HttpStatusCode.OK, refused.Status);
        Assert.Single(Pauses.Pauses());
    }

    private static (string Name, string Value)[] Chosen(Answer page, string action) =>
        [.. page.Form("form[data-act]", action), ("queue", page.Page.QuerySelector("select[name=queue] option")!.GetAttribute("value")!)];
}
