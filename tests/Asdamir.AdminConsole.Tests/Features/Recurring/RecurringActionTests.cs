using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Features.Recurring;

/// <summary>Trigger, pause, resume and remove.</summary>
public sealed class RecurringActionTests : OneCompany
{
    private const string Act = "/acme/recurring/act";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("report", "0 3 * * *", new RecurringOptions { Id = "daily" });
    }

    [Fact]
    public async Task TriggeredRecurringJob_CreatesAJob_AfterTheConfirmation()
    {
        var ada = await OperatorAsync();
        var question = await ada.PostAsync(Act, (await ada.GetAsync("/acme/recurring")).Form("form[data-act]", "trigger"));
        Assert.Null(Acme.Recurring("daily").LastJobId);

        var (path, fields) = question.Asked("the report is missing");
        var page = await ada.GetAsync((await ada.PostAsync(path, fields)).Location!);

        Assert.Contains("Triggered 1.", page.Text, StringComparison.Ordinal);
        var job = page.Page.QuerySelector("[role=status] a")!.GetAttribute("href")!.Split('/')[^1];
        Assert.Equal(JobState.Enqueued, Acme.StateOf(job));
        Assert.Contains(Site.Audit("acme"), static entry =>
            entry is { Phase: "Completed", Action: "Trigger", Target: "daily", Reason: "the report is missing", Done: 1 });
    }

    [Fact]
    public async Task PausedJob_HasNoNextTime_UntilItIsResumed()
    {
        var ada = await OperatorAsync();
        var question = await ada.PostAsync(Act, (await ada.GetAsync("/acme/recurring")).Form("form[data-act]", "pause"));
        var (path, fields) = question.Asked("month end");
        await ada.PostAsync(path, fields);

        var paused = await ada.GetAsync("/acme/recurring?status=paused");
        Assert.Null(Acme.Recurring("daily").NextExecution);
        Assert.Contains("month end", paused.Text, StringComparison.Ordinal);

        var answer = await ada.PostAsync(Act, paused.Form("form[data-act]", "resume"));

        Assert.Contains("Resumed 1.", (await ada.GetAsync(answer.Location!)).Text, StringComparison.Ordinal);
        Assert.NotNull(Acme.Recurring("daily").NextExecution);
        Assert.Equal(
            ["Resume", "Pause"], Site.Audit("acme").Where(static entry => entry.Phase == "Completed").Select(static entry => entry.Action));
    }

    [Fact]
    public async Task RemovedRecurringJob_IsGone_AfterTheConfirmation()
    {
        var ada = await OperatorAsync();
        var question = await ada.PostAsync(Act, (await ada.GetAsync("/acme/recurring")).Form("form[data-act]", "remove"));
        Assert.NotNull(Acme.Recurring("daily").NextExecution);
        Assert.Contains("Remove daily of acme?", question.Text, StringComparison.Ordinal);
        Assert.Contains("A schedule that an app declares is back", question.Text, StringComparison.Ordinal);

        var (path, fields) = question.Asked("replaced by weekly");
        var page = await ada.GetAsync((await ada.PostAsync(path, fields)).Location!);

        Assert.Contains("Removed 1.", page.Text, StringComparison.Ordinal);
        Assert.Contains("There are no recurring jobs yet.", page.Text, StringComparison.Ordinal);
        Assert.Contains(
            Site.Audit("acme"),
            static entry => entry is { Phase: "Completed", Action: "Remove", Target: "daily", Reason: "replaced by weekly", Done: 1 });
    }

    [Theory]
    [InlineData("trigger")]
    [InlineData("pause")]
    [InlineData("remove")]
    public async Task Action_IsNotTaken_WithoutAReason(string action)
    {
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(Act, ("action", action), ("id", "daily"), ("reason", " "), ("confirmed", "1"));

        Assert.Contains("Give a reason: it is written to the audit.", answer.Text, StringComparison.Ordinal);
        Assert.Equal((null, false), (Acme.Recurring("daily").LastJobId, Acme.Recurring("daily").NextExecution is null));
    }

    [Theory]
    [InlineData("explode", "daily")]
    [InlineData("", "daily")]
    [InlineData("pause", "")]
    public async Task FormThatIsNotUnderstood_DoesNothing(string action, string id)
    {
        var answer = await (await OperatorAsync()).SubmitAsync(Act, ("action", action), ("id", id), ("reason", "x"), ("confirmed", "1"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain(Site.Audit("acme"), static entry => entry.Phase == "Intended");
    }

    [Fact]
    public async Task JobThatIsNotThere_IsSkippedWithItsReason()
    {
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(Act, ("action", "pause"), ("id", "weekly"), ("reason", "x"), ("confirmed", "1"));

        Assert.Contains(
            "Paused 0, skipped 1. Why weekly There is no recurring job 'weekly'.", (await ada.GetAsync(answer.Location!)).Text,
            StringComparison.Ordinal);
    }
}
