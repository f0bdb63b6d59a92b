using System.Net;
using Asdamir.AdminConsole.Tests.Hosting;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Companies;

/// <summary>The console looks and acts on both storages, and is no server.</summary>
public sealed class ObserverTests
{
    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql", Traits = new[] { "Needs", "PostgreSql" })]
    public async Task Console_LeavesNoServerBehindAndActsOnWhatItShows(string storage)
    {
        await using var acme = storage == "Sqlite"
            ? await TestCompany.StartAsync("acme")
            : await TestCompany.StartAsync("acme", await SharedPostgres.GetAsync());
        acme.Jobs.AddOrUpdateRecurring<MailJob, string>("", "@daily", new RecurringOptions { Id = "daily" });
        var jobs = acme.FailMany(3, "no route to the mail server");
        await using var console = await ConsoleHost.StartAsync(acme);
        var ada = await console.WelcomeAsync("ada", "operator:acme");

        await using var workflow = acme.Jobs.NewWorkflow("flow");
        workflow.Add<MailJob, string>("a", options: new JobOptions { Delay = TimeSpan.FromDays(1) });
        var flow = await workflow.CommitAsync(TestContext.Current.CancellationToken);

        foreach (var address in Addresses.Of(console, "acme", jobs[0])
            .Where(static address => address.IsOfCompany && address.Method == HttpMethod.Get))
        {
            var page = address.Path.Replace($"/workflows/{jobs[0]}", $"/workflows/{flow}", StringComparison.Ordinal);
            var answer = await ada.GetAsync(address.IsLive ? page + "?once=1" : page);
            Assert.Equal((page, HttpStatusCode.OK), (page, answer.Status));
            Assert.Null(answer.Page.QuerySelector(".problem"));
        }
        await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{jobs[0]}|Failed"));
        await ada.SubmitAsync("/acme/jobs/act", ("action", "delete"), ("job", $"{jobs[1]}|Failed"), ("reason", "x"), ("confirmed", "1"));
        var (path, fields) = (await ada.PostAsync(
            "/acme/jobs/act", (await ada.GetAsync("/acme/jobs?state=Failed&q=mail%20server")).Form("form[data-act]", "delete-all")))
            .Asked("x");
        await ada.PostAsync(path, fields);
        await ada.SubmitAsync("/acme/recurring/act", ("action", "pause"), ("id", "daily"), ("reason", "x"), ("confirmed", "1"));
        await ada.SubmitAsync(
            "/acme/limits/act", ("action", "changelimit"), ("queue", TestCompany.Queue), ("name", "smtp"), ("number", "2"), ("reason", "x"),
            ("confirmed", "1"));

        Assert.Equal([JobState.Enqueued, JobState.Deleted, JobState.Deleted], jobs.Select(acme.StateOf));
        Assert.Null(acme.Recurring("daily").NextExecution);
        Assert.Empty(acme.Storage.GetMonitoringApi().Servers());
        Assert.Equal(5, console.Audit("acme").Count(static entry => entry is { Phase: "Completed", Done: 1, Failed: 0 }));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql", Traits = new[] { "Needs", "PostgreSql" })]
    public async Task ImpossibleText_BreaksNoPageAndDoesNotMakeTheCompanyLookDead(string storage)
    {
        await using var acme = storage == "Sqlite"
            ? await TestCompany.StartAsync("acme")
            : await TestCompany.StartAsync("acme", await SharedPostgres.GetAsync());
        await using var console = await ConsoleHost.StartAsync(acme);
        var ada = await console.WelcomeAsync("ada", "operator:acme");

        foreach (var address in (string[])[
            "/acme?app=%00", "/acme/jobs?app=%00", "/acme/jobs?q=%00", "/acme/jobs?name=%01", "/acme/jobs?after=x", "/acme/jobs?after=AAAA",
            "/acme/queues?app=%00", "/acme/recurring?q=%00",
            "/acme/jobs/99999999999999999999", "/acme/jobs/-1", "/acme/jobs/x'y", "/acme/jobs/1?app=%00",
            "/acme/jobs?from=0001-01-01T00:00Z&to=9999-12-31T23:59Z", "/acme/live/tabs?since=0001-01-01T00:00Z&once=1"])
        {
            var answer = await ada.GetAsync(address);
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{address} is answered with {answer.Status}");
            Assert.True(
                answer.Page.QuerySelector(".problem") is null && answer.Headers.GetValueOrDefault("X-Live") != "stale",
                $"{address} makes the company look dead");
        }
        Assert.Equal(
            HttpStatusCode.BadRequest, (await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", "\0|Failed"))).Status);
        foreach (var id in (string[])["99999999999999999999", "x"])
        {
            var answer = await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{id}|Failed"));
            Assert.Equal((id, HttpStatusCode.Redirect), (id, answer.Status));
            Assert.Contains("Requeued 0", (await ada.GetAsync(answer.Location!)).Text, StringComparison.Ordinal);
        }
    }
}
