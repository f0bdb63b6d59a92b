using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Hosting;

/// <summary>For whoever has no role in a company, it does not exist.</summary>
public sealed class CompanyBorderTests : IAsyncLifetime
{
    private const string Secret = "secret-of-globex";

    private TestCompany _acme = null!;
    private TestCompany _globex = null!;
    private ConsoleHost _console = null!;
    private Visitor _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _acme = await TestCompany.StartAsync("acme");
        _globex = await TestCompany.StartAsync("globex");
        _console = await ConsoleHost.StartAsync(_acme, _globex);
        _ada = await _console.WelcomeAsync("ada", "operator:acme");
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        await _acme.DisposeAsync();
        await _globex.DisposeAsync();
    }

    [Fact]
    public async Task EveryAddressOfAnotherCompany_IsNotFoundAndTheAttemptIsInItsAudit()
    {
        var job = _globex.Fail(Secret);
        var addresses = Addresses.Of(_console, "globex", job).Where(static address => address.IsOfCompany).ToList();
        foreach (var address in addresses)
        {
            using var form = address.Method == HttpMethod.Post
                ? await FormAsync(("action", "delete"), ("job", job), ("reason", "mine"), ("confirmed", "1"), ("id", "daily"))
                : null;
            var answer = await _ada.SendAsync(address.Method, address.Path, form);

            Assert.Equal((address, HttpStatusCode.NotFound), (address, answer.Status));
            Assert.DoesNotContain(Secret, answer.Body, StringComparison.Ordinal);
            Assert.Contains(_console.Audit("globex"), entry =>
                (entry.Phase, entry.Actor, entry.Role, entry.Company, entry.Target) == (
                    "Denied", "ada", "None", "globex", $"{address.Method} {address.Path}"));
        }

        Assert.True(addresses.Count > 15, "The console has more addresses than that.");
        Assert.Equal(JobState.Failed, _globex.StateOf(job));
    }

    [Theory]
    [InlineData("/GLOBEX/jobs")]
    [InlineData("/globex%2Fjobs")]
    [InlineData("/acme/../globex/jobs")]
    [InlineData("/acme/%2e%2e/globex/jobs")]
    [InlineData("/acme%2F..%2Fglobex/jobs")]
    public async Task AnotherSpellingOfTheAddress_DoesNotHelp(string path)
    {
        _globex.Fail(Secret);

        var answer = await _ada.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.DoesNotContain(Secret, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JobsOfAnotherCompanyPostedToOnesOwn_AreLeftAlone()
    {
        // Its number is far from those of the own company.
        var job = _globex.FailMany(5, Secret)[4];

        var answer = await _ada.SubmitAsync(
            "/acme/jobs/act?app=globex", ("action", "delete"), ("job", $"{job}|Failed"), ("reason", "mine"), ("confirmed", "1"),
            ("company", "globex"), ("code", "globex"));

        Assert.StartsWith("/acme?did=", answer.Location, StringComparison.Ordinal);
        var report = (await _ada.GetAsync(answer.Location!)).Text;
        Assert.Contains($"{job} There is no job '{job}'.", report, StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, _globex.StateOf(job));
    }

    [Fact]
    public async Task AllThatMatch_AreThoseOfTheOwnCompany_WhateverTheFormSays()
    {
        var mine = _acme.Fail();
        var theirs = _globex.Fail();

        await _ada.SubmitAsync(
            "/acme/jobs/act?code=globex", ("action", "delete-all"), ("state", "Failed"), ("from", "2020-01-01T00:00Z"), ("code", "globex"),
            ("reason", "mine"), ("confirmed", "1"));

        Assert.Equal((JobState.Deleted, JobState.Failed), (_acme.StateOf(mine), _globex.StateOf(theirs)));
    }

    [Fact]
    public async Task RecurringJobOfAnotherCompany_CannotBeReachedThroughOnesOwn()
    {
        _globex.Jobs.AddOrUpdateRecurring<MailJob, string>("", "@daily", new RecurringOptions { Id = "daily" });

        await _ada.SubmitAsync("/acme/recurring/act", ("action", "pause"), ("id", "daily"), ("reason", "mine"), ("confirmed", "1"));

        Assert.False((await GlobexPageAsync("/globex/recurring")).Text.Contains("Paused", StringComparison.Ordinal));
        Assert.Contains(_console.Audit("acme"), static entry => entry is { Phase: "Completed", Action: "Pause", Done: 0, Skipped: 1 });
    }

    [Fact]
    public async Task Progress_IsNotShown_WhenTheActionIsOfAnotherCompany()
    {
        var theirs = await _console.WelcomeAsync("grace", "operator:globex");
        var done = await theirs.SubmitAsync(
            "/globex/jobs/act", ("action", "delete"), ("job", $"{_globex.Fail()}|Failed"), ("reason", Secret), ("confirmed", "1"));
        var id = done.Location!.Split("did=")[1];

        foreach (var path in (string[])[$"/acme/operations/{id}", $"/acme/live/operations/{id}?once=1", $"/acme?did={id}"])
        {
            var answer = await _ada.GetAsync(path);
            Assert.DoesNotContain(Secret, answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("Deleted 1.", answer.Body, StringComparison.Ordinal);
        }
        Assert.Contains(Secret, (await theirs.GetAsync($"/globex/operations/{id}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListOfCompaniesAndStartPage_ShowOnlyThoseWithARole()
    {
        var nobody = await _console.WelcomeAsync("nobody");

        Assert.Equal("/acme", (await _ada.GetAsync("/")).Location);
        Assert.DoesNotContain("globex", (await _ada.GetAsync("/companies")).Body, StringComparison.Ordinal);
        Assert.Equal("/companies", (await nobody.GetAsync("/")).Location);
        Assert.Contains("You have no role in any company.", (await nobody.GetAsync("/companies")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/acme/")]
    [InlineData("/globex/jobs")]
    [InlineData("/acme\\..\\globex")]
    [InlineData("/acme/\r\nSet-Cookie: a=b")]
    [InlineData("/acmeevil")]
    [InlineData("javascript:alert(1)")]
    public async Task Form_LeadsBackOnlyIntoItsCompany(string back)
    {
        var answer = await _ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{_acme.Fail()}|Failed"), ("back", back));

        Assert.StartsWith("/acme?did=", answer.Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\t/evil.example")]
    [InlineData("/acme\nSet-Cookie: a=b")]
    [InlineData("evil.example")]
    [InlineData("/acme/live/overview")]
    [InlineData("/größe")]
    public async Task SignIn_LeadsBackOnlyIntoTheConsole(string returnUrl)
    {
        var password = _console.Accounts.Add("grace", ["viewer:acme"])!;

        var answer = await ConsoleHost.TrySignInAsync(_console.NewVisitor(), "grace", password, returnUrl);

        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.Status, answer.Location));
    }

    [Fact]
    public async Task SignIn_LeadsBackToThePageThatWasAskedFor()
    {
        var visitor = _console.NewVisitor();
        var password = _console.Accounts.Add("grace", ["viewer:acme"])!;
        var wanted = new Uri((await visitor.GetAsync("/acme/jobs?state=Failed&name=gr%C3%B6%C3%9Fe")).Location!);
        var page = await visitor.GetAsync(wanted.PathAndQuery);

        var answer = await visitor.PostAsync(
            "/login", (Visitor.TokenField, page.Field(Visitor.TokenField)), ("name", "grace"), ("password", password),
            ("returnUrl", page.Field("returnUrl")));

        Assert.Equal("/acme/jobs?state=Failed&name=gr%C3%B6%C3%9Fe", answer.Location);
    }

    private async Task<Answer> GlobexPageAsync(string path) =>
        await (await _console.WelcomeAsync("owner", "operator:globex")).GetAsync(path);

    private async Task<FormUrlEncodedContent> FormAsync(params (string Name, string Value)[] fields) =>
        new(
            [
                KeyValuePair.Create(Visitor.TokenField, await _ada.TokenAsync()),
                .. fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))
            ]);
}
