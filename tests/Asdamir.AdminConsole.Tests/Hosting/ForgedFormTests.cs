using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Hosting;

/// <summary>A form that does not come from a page of this session does nothing.</summary>
public sealed class ForgedFormTests : OneCompany
{
    [Theory]
    [InlineData("none")]
    [InlineData("invented")]
    [InlineData("of another operator")]
    [InlineData("of a browser of its own")]
    [InlineData("from before the sign-in")]
    public async Task TokenOfAnotherSession_DoesNothingAndIsInTheAudit(string token)
    {
        var (job, ada, grace) = (Acme.Fail(), await OperatorAsync(), await OperatorAsync("grace"));
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("", "@daily", new RecurringOptions { Id = "daily" });
        await ada.TokenAsync();
        (string, string)[] forged = token switch
        {
            "none" => [],
            "invented" => [(Visitor.TokenField, "CfDJ8invented")],
            "of another operator" => [(Visitor.TokenField, await grace.TokenAsync())],
            "of a browser of its own" =>
                [(Visitor.TokenField, await (await Site.SignInAsync("ada", Site.Accounts.ResetPassword("ada")!)).TokenAsync())],
            _ => [(Visitor.TokenField, await Site.NewVisitor().TokenAsync("/login"))],
        };
        if (token == "of a browser of its own")
            ada = await Site.SignInAsync("ada", Site.Accounts.ResetPassword("ada")!);

        foreach (var answer in (Answer[])[
            await ada.PostAsync(
                "/acme/jobs/act", [.. forged, ("action", "delete"), ("job", $"{job}|Failed"), ("reason", "mine"), ("confirmed", "1")]),
            await ada.PostAsync(
                "/acme/recurring/act", [.. forged, ("action", "trigger"), ("id", "daily"), ("reason", "mine"), ("confirmed", "1")])])
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.StartsWith("Session changed", answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(JobState.Failed, Acme.StateOf(job));
        Assert.Null(Acme.Recurring("daily").LastJobId);
        Assert.Equal(2, Site.Audit("acme").Count(static entry => entry is { Phase: "Denied", Actor: "ada", Role: "Operator" }));
        Assert.DoesNotContain(Site.Audit("acme"), static entry => entry.Phase is "Intended" or "Completed");
    }

    [Theory]
    [InlineData("/logout")]
    [InlineData("/account")]
    [InlineData("/login")]
    public async Task ForgedFormNeither_SignsOutNorChangesThePassword(string path)
    {
        var ada = await OperatorAsync();

        var answer = await ada.PostAsync(
            path, ("name", "ada"), ("old", "x"), ("new", "a new password"), ("again", "a new password"), ("password", "x"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/acme")).Status);
        Assert.DoesNotContain(Site.Audit("acme"), static entry => entry.Action is "SignOut" or "PasswordChanged" or "SignInFailed");
    }

    [Fact]
    public async Task TokenInTheAddressOrAsJSON_CountsForNothing()
    {
        var job = Acme.Fail();
        var ada = await OperatorAsync();
        var token = await ada.TokenAsync();
        using var json = new StringContent($$"""{"action":"delete","job":"{{job}}"}""", System.Text.Encoding.UTF8, "application/json");

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await ada.PostAsync($"/acme/jobs/act?__form={Uri.EscapeDataString(token)}", ("action", "requeue"), ("job", job))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await ada.SendAsync(HttpMethod.Post, "/acme/jobs/act", json)).Status);
        Assert.Equal(JobState.Failed, Acme.StateOf(job));
    }

    [Fact]
    public async Task Action_IsNeverTakenByALink()
    {
        var job = Acme.Fail();
        var ada = await OperatorAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync($"/acme/jobs/act?action=requeue&job={job}")).Status);
        Assert.Equal(JobState.Failed, Acme.StateOf(job));
    }

    [Fact]
    public async Task TooLongForm_IsRefusedAndDoesNothing()
    {
        var job = Acme.Fail();
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(
            "/acme/jobs/act", [("action", "requeue"), .. Enumerable.Repeat(("job", $"{job}|Failed"), 2_000)]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("Nothing was done", answer.Text, StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, Acme.StateOf(job));
    }
}
