using System.Net;
using Asdamir.AdminConsole.Tests.Shell.Live;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Features.Jobs;

/// <summary>Requeue and delete, with a question where it matters.</summary>
public sealed class JobActionTests : OneCompany
{
    private const string Act = "/acme/jobs/act";

    [Fact]
    public async Task UpTo25Jobs_AreRequeued_WithoutAConfirmation()
    {
        var jobs = Acme.FailMany(25);
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(Act, [("action", "requeue"), ("back", "/acme/jobs?state=Failed&did=old"), .. Seen(jobs)]);

        Assert.StartsWith("/acme/jobs?state=Failed&did=", answer.Location, StringComparison.Ordinal);
        Assert.Contains("Requeued 25.", (await ada.GetAsync(answer.Location!)).Text, StringComparison.Ordinal);
        Assert.All(jobs, job => Assert.Equal(JobState.Enqueued, Acme.StateOf(job)));
    }

    [Theory]
    [InlineData("delete", 1)]
    [InlineData("requeue", 26)]
    public async Task DeletionAndMoreThan25Jobs_NeedAReason(string action, int count)
    {
        var jobs = Acme.FailMany(count);
        var ada = await OperatorAsync();

        var question = await ada.SubmitAsync(Act, [("action", action), ("back", "/acme/jobs?state=Failed"), .. Seen(jobs)]);
        var (path, empty) = question.Asked("  ");
        var again = await ada.PostAsync(path, empty);
        Assert.Contains("Give a reason: it is written to the audit.", again.Text, StringComparison.Ordinal);
        Assert.All(jobs, job => Assert.Equal(JobState.Failed, Acme.StateOf(job)));
        Assert.DoesNotContain(Site.Audit("acme"), static entry => entry.Phase == "Intended");

        var answer = await ada.PostAsync(path, again.Asked("the mail server was down").Fields);

        Assert.StartsWith("/acme/jobs?state=Failed&did=", answer.Location, StringComparison.Ordinal);
        Assert.All(jobs, job => Assert.Equal(action == "delete" ? JobState.Deleted : JobState.Enqueued, Acme.StateOf(job)));
        Assert.All(Site.Audit("acme").Where(static entry => entry.Phase is "Intended" or "Completed"), static entry =>
            Assert.Equal("the mail server was down", entry.Reason));
        Assert.Contains("the mail server was down", (await ada.GetAsync($"/acme/jobs/{jobs[0]}")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("requeue")]
    [InlineData("delete")]
    public async Task AllThatMatch_NeedAConfirmation_EvenWhenItIsOne(string action)
    {
        var job = Acme.Fail();
        var other = Acme.Jobs.Enqueue<MailJob, string>("waits");
        var ada = await OperatorAsync();
        var page = await ada.GetAsync("/acme/jobs?state=Failed&from=2020-01-01T00:00Z");

        var question = await ada.PostAsync(Act, page.Form("form[data-act]", $"{action}-all"));
        Assert.Contains("1 job of acme?", question.Text, StringComparison.Ordinal);
        var (path, fields) = question.Asked("known fault");
        await ada.PostAsync(path, fields);

        Assert.Equal(
            (action == "delete" ? JobState.Deleted : JobState.Enqueued, JobState.Enqueued), (Acme.StateOf(job), Acme.StateOf(other)));
    }

    [Fact]
    public async Task Action_IsNotTaken_WhenTheReasonIsNotConfirmed()
    {
        var job = Acme.Fail();
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(Act, ("action", "delete"), ("job", $"{job}|Failed"), ("reason", "at once"));

        Assert.NotNull(answer.Page.QuerySelector("#ask-content"));
        Assert.Equal(JobState.Failed, Acme.StateOf(job));
    }

    [Fact]
    public async Task MoreThan1000Jobs_NeedTheirNumberTyped_AndShowTheirProgress()
    {
        Acme.FailMany(1_001);
        var ada = await OperatorAsync();
        var page = await ada.GetAsync("/acme/jobs?state=Failed&from=2020-01-01T00:00Z");
        var question = await ada.PostAsync(Act, page.Form("form[data-act]", "delete-all"));
        Assert.Contains("Type 1,001", question.Text, StringComparison.Ordinal);

        foreach (var wrong in (string[])["", "1000", "1001.0", "all"])
        {
            var (path, fields) = question.Asked("clean up", wrong);
            Assert.Contains("Type the number of jobs, 1,001.", (await ada.PostAsync(path, fields)).Text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(Site.Audit("acme"), static entry => entry.Phase == "Intended");

        var (act, typed) = question.Asked("clean up", "1,001");
        var operation = (await ada.PostAsync(act, typed)).Location!;
        Assert.Matches("^/acme/operations/[0-9a-f-]{36}\\?of=1001$", operation);
        await FinishAsync(ada, operation);

        var end = await ada.GetAsync(operation);
        Assert.Contains("Deleted 1,001.", end.Text, StringComparison.Ordinal);
        Assert.NotNull(end.Page.QuerySelector("[data-finished=True]"));
        Assert.Contains(
            Site.Audit("acme"), static entry => entry is { Phase: "Completed", Action: "Delete", Done: 1_001, Skipped: 0, Failed: 0 });
    }

    [Fact]
    public async Task JobsThatFailedAfterThePageWasRead_AreLeftAlone()
    {
        var shown = Acme.Fail();
        var ada = await OperatorAsync();
        var page = await ada.GetAsync("/acme/jobs?state=Failed&from=2020-01-01T00:00Z");
        var later = Acme.Fail();

        var (path, fields) = (await ada.PostAsync(Act, page.Form("form[data-act]", "delete-all"))).Asked("known fault");
        await ada.PostAsync(path, fields);

        Assert.Equal((JobState.Deleted, JobState.Failed), (Acme.StateOf(shown), Acme.StateOf(later)));
    }

    [Fact]
    public async Task CutoffInTheFuture_MeansNow()
    {
        var shown = Acme.Fail();
        var ada = await OperatorAsync();

        var question = await ada.SubmitAsync(
            Act, ("action", "delete-all"), ("state", "Failed"), ("from", "2020-01-01T00:00Z"), ("cutoff", "2999-01-01T00:00:00Z"));
        var later = Acme.Fail();
        var (path, fields) = question.Asked("known fault");
        await ada.PostAsync(path, fields);

        Assert.Equal((JobState.Deleted, JobState.Failed), (Acme.StateOf(shown), Acme.StateOf(later)));
    }

    [Fact]
    public async Task FilterOfThePage_IsTheFilterOfTheAction()
    {
        var mine = Acme.Fail("timeout");
        var other = Acme.Fail("no route");
        var ada = await OperatorAsync();
        var page = await ada.GetAsync("/acme/jobs?state=Failed&q=timeout");

        var (path, fields) = (await ada.PostAsync(Act, page.Form("form[data-act]", "delete-all"))).Asked("known fault");
        await ada.PostAsync(path, fields);

        Assert.Equal((JobState.Deleted, JobState.Failed), (Acme.StateOf(mine), Acme.StateOf(other)));
        Assert.Contains(Site.Audit("acme"), static entry =>
            entry is { Phase: "Completed", Done: 1 }
                && entry.Target!.StartsWith("all matching {\"state\":\"Failed\",\"q\":\"timeout\",\"until\":\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Job_IsSkippedWithItsReason_WhenItIsNoLongerAsItWasSeen()
    {
        var jobs = Acme.FailMany(2);
        var ada = await OperatorAsync();
        Acme.Jobs.Requeue(jobs[0]);

        var answer = await ada.SubmitAsync(Act, [("action", "requeue"), .. Seen(jobs)]);

        var text = (await ada.GetAsync(answer.Location!)).Text;
        Assert.Contains("Requeued 1, skipped 1.", text, StringComparison.Ordinal);
        Assert.Contains($"Job {jobs[0]} is no longer Failed: it is Enqueued.", text, StringComparison.Ordinal);
        Assert.Contains(Site.Audit("acme"), entry =>
            entry is { Phase: "Completed", Done: 1, Skipped: 1 } && entry.Remarks!.Contains(jobs[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task JobThatWaits_IsNotQueuedTwice()
    {
        var job = Acme.Jobs.Enqueue<MailJob, string>("waits");
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(Act, ("action", "requeue"), ("job", job));

        Assert.Contains(
            $"Requeued 0, skipped 1. Why {job} Job {job} is Enqueued: requeueing it would execute it twice.",
            (await ada.GetAsync(answer.Location!)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The form names no action.", "action=explode&job=1")]
    [InlineData("The form names no action.", "job=1")]
    [InlineData("No job is selected.", "action=delete")]
    [InlineData("No job is selected.", "action=delete&job=")]
    [InlineData("Choose a state first", "action=delete-all&confirmed=1&reason=x")]
    [InlineData("Delete all needs a filter", "action=delete-all&state=Failed&confirmed=1&reason=x")]
    [InlineData("state = 'Everything' is not one of", "action=delete-all&state=Everything&confirmed=1&reason=x")]
    [InlineData("from = 'yesterday' is not a time", "action=delete-all&state=Failed&from=yesterday&confirmed=1&reason=x")]
    [InlineData("The id of a job is longer than 100 characters.", "action=requeue&job={long}")]
    [InlineData("The reason is longer than 500 characters.", "action=delete&job=1&confirmed=1&reason={long}")]
    public async Task FormThatIsNotUnderstood_DoesNothing(string why, string form)
    {
        var job = Acme.Fail();
        var ada = await OperatorAsync();
        var fields = form.Split('&').Select(static field => field.Split('='))
            .Select(static field => (field[0], field[1].Replace("{long}", new string('x', 501), StringComparison.Ordinal)));

        var answer = await ada.SubmitAsync(Act, [.. fields]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(why, answer.Text, StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, Acme.StateOf(job));
        Assert.DoesNotContain(Site.Audit("acme"), static entry => entry.Phase == "Intended");
    }

    [Theory]
    [InlineData("999999")]
    [InlineData("99999999999999999999999")]
    [InlineData("-1")]
    [InlineData("1; DROP TABLE job")]
    [InlineData("é\u0001")]
    public async Task UnknownId_IsSkipped(string id)
    {
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(Act, ("action", "requeue"), ("job", $"{id}|Failed"));

        Assert.Contains("Requeued 0, skipped 1.", (await ada.GetAsync(answer.Location!)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Action_StopsBeforeItsNextJobAndIsAudited_WhenTheConsoleStops()
    {
        Acme.FailMany(1_500);
        var ada = await OperatorAsync();
        var page = await ada.GetAsync("/acme/jobs?state=Failed&from=2020-01-01T00:00Z");
        var question = await ada.PostAsync(Act, page.Form("form[data-act]", "delete-all"));
        var (path, fields) = question.Asked("clean up", "1500");
        await ada.PostAsync(path, fields);

        await Site.StopAsync();

        var outcome = Site.Audit("acme")[0];
        Assert.Equal(("Completed", "Delete"), (outcome.Phase, outcome.Action));
        Assert.Equal(Acme.Storage.GetMonitoringApi().FailedCount(), 1_500 - outcome.Done);
    }

    private static async Task FinishAsync(Visitor visitor, string operation)
    {
        await using var events = await Events.OpenAsync(
            visitor, operation.Replace("/operations/", "/live/operations/", StringComparison.Ordinal));
        while (!(await events.NextAsync())!.Value.Data.Contains("data-finished=\"True\"", StringComparison.Ordinal))
        {
        }
    }

    private static IEnumerable<(string, string)> Seen(IEnumerable<string> jobs) => jobs.Select(static job => ("job", $"{job}|Failed"));
}
