using System.Net;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.SignIn;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Kit.Identity;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>People sign in with an OpenID Connect provider, and its groups say what they may do.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private TestIdentityProvider _provider = null!;
    private TestCompany _acme = null!;
    private ConsoleHost _console = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await TestIdentityProvider.StartAsync();
        _acme = await TestCompany.StartAsync("acme");
        (_acme.Settings["Operators"], _acme.Settings["Viewers"]) = ("acme-operators, all-operators", "acme-viewers");
        _console = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        await _acme.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("acme-operators")]
    [InlineData("others,all-operators")]
    public async Task MembersOfAnOperatorGroup_Act(string groups)
    {
        var ada = await SignInAsync(groups.Split(','));
        var job = _acme.Fail();

        var answer = await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{job}|Failed"));

        Assert.StartsWith("/acme?did=", answer.Location, StringComparison.Ordinal);
        Assert.Contains(
            _console.Audit("acme"), static entry => entry is { Action: "SignIn", Actor: "ada", Role: "Operator", Company: "acme" });
        Assert.Contains(_console.Audit("acme"), static entry => entry is { Action: "Requeue", Phase: "Completed", Actor: "ada", Done: 1 });
    }

    [Fact]
    public async Task Audit_KeepsIssuerAndSubjectBesideANameThatMayChange()
    {
        var ada = await SignInAsync("acme-operators");
        await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{_acme.Fail()}|Failed"));
        await ada.PostAsync("/acme/jobs/act", ("action", "requeue"), ("job", "1"));
        await ada.SubmitAsync("/logout");

        Assert.Equal(5, _console.Audit("acme").Count);
        Assert.All(_console.Audit("acme"), line => Assert.Equal($"{_provider.Authority} ada", line.Subject));
    }

    [Fact]
    public async Task MembersOfAViewerGroup_Look()
    {
        var ada = await SignInAsync("acme-viewers");

        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/acme")).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{_acme.Fail()}|Failed"))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Acme-Operators,acme-operators ,acme-operators/x,operator:*,operator:acme,*")]
    public async Task User_SeesNoCompany_WhenInNoneOfItsGroups(string groups)
    {
        var ada = await SignInAsync(groups.Split(',', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync("/acme")).Status);
        Assert.Contains("You have no role in any company.", (await ada.GetAsync("/companies")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemovedGroups_AreGone_WithTheNextSignIn()
    {
        await SignInAsync("acme-operators");

        var ada = await SignInAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task Session_IsAsLongAsTheConsoleSaysAndNotAsTheProvidersToken()
    {
        var ada = await SignInAsync("acme-viewers");

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/acme")).Status);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Redirect, (await ada.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task LocalAccountsAndTheirPages_AreOff_WhenAProviderIsUsed()
    {
        var password = _console.Accounts.Add("bob", ["operator:*"])!;
        var stranger = _console.NewVisitor();

        var answer = await ConsoleHost.TrySignInAsync(stranger, "bob", password);

        Assert.StartsWith(_provider.Authority, answer.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/acme")).Status);
        var ada = await SignInAsync("acme-viewers");
        Assert.Equal(
            HttpStatusCode.NotFound, (await ada.SubmitAsync("/account", ("old", password), ("new", password), ("again", password))).Status);
    }

    [Theory]
    [InlineData("/signin-oidc?error=access_denied&state=x")]
    [InlineData("/signin-oidc?code=guessed&state=guessed")]
    [InlineData("/signin-oidc")]
    public async Task ForgedProviderAnswer_DoesNotSignInAndIsAudited(string path)
    {
        var stranger = _console.NewVisitor();

        var answer = await stranger.GetAsync(path);

        Assert.Equal("/login?failed=provider", answer.Location);
        Assert.Contains("The sign-in did not succeed.", (await stranger.GetAsync(answer.Location!)).Text, StringComparison.Ordinal);
        Assert.Contains(_console.Audit("acme"), static entry => entry is { Action: "SignInFailed", Company: null });
        AssertLogged();
    }

    [Fact]
    public async Task Code_CountsOnlyInTheBrowserThatAskedForIt()
    {
        _provider.AddUser("eve", "Eve", "acme-operators");
        using var eve = new Visitor(_console.Url);
        var callback = await AskProviderAsync(eve, "eve");

        var ada = _console.NewVisitor();

        Assert.Equal("/login?failed=provider", (await ada.GetAsync(callback)).Location);
        Assert.Equal(HttpStatusCode.Redirect, (await ada.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task SignIn_SaysThatTheProviderIsDown_AndIsAuditedAndLogged()
    {
        await using var console = await StartAsync("http://127.0.0.1:1");
        var visitor = console.NewVisitor();

        var answer = await visitor.PostAsync("/login", (Visitor.TokenField, await visitor.TokenAsync("/login")));

        Assert.Equal((HttpStatusCode.Redirect, "/login?failed=provider"), (answer.Status, answer.Location));
        Assert.Contains(
            console.Audit("acme"), static entry => entry is { Action: "SignInFailed", Reason: "The provider does not answer." });
        AssertLogged(console);
    }

    [Fact]
    public async Task LinkOfAnotherSite_DoesNotEndASession()
    {
        var ada = await SignInAsync("acme-viewers");

        await ada.GetAsync("/signout-oidc");

        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task CopyOfTheCookie_IsWorthNothing_AfterTheSignOut()
    {
        var ada = await SignInAsync("acme-viewers");
        var copy = ada.Cookies.GetAllCookies().Single(static cookie => cookie.Name == "asdamir-console").Value;

        await ada.SubmitAsync("/logout");

        using var thief = new Visitor(_console.Url);
        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync("/acme", ("Cookie", $"asdamir-console={copy}"))).Status);
    }

    [Theory]
    [InlineData("sid", "session of ada")]
    [InlineData("sub", "ada")]
    public async Task Provider_EndsSessions_WhichIsAudited(string claim, string value)
    {
        var ada = await SignInAsync("acme-viewers");
        _provider.AddUser("bob", "Bob", "acme-viewers");
        var bob = _console.NewVisitor();
        await bob.GetAsync(await AskProviderAsync(bob, "bob"));

        var answer = await LogOutAsync(_provider.LogoutToken(new() { [claim] = value, ["events"] = LogoutEvent }));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            (HttpStatusCode.Redirect, HttpStatusCode.OK), ((await ada.GetAsync("/acme")).Status, (await bob.GetAsync("/acme")).Status));
        Assert.Equal(
            ("ada", $"{_provider.Authority} ada"),
            _console.Audit("acme").Where(static line => line is { Action: "SignOut", Reason: "The provider ended the session." })
                .Select(static line => (line.Actor, line.Subject)).Single());
    }

    [Fact]
    public async Task InvalidLogoutToken_EndsNothing()
    {
        var ada = await SignInAsync("acme-viewers");
        await using var other = await TestIdentityProvider.StartAsync();
        Dictionary<string, object> right = new() { ["sub"] = "ada", ["events"] = LogoutEvent };

        foreach (var token in (string[])[
            "", "nonsense", other.LogoutToken(right), _provider.LogoutToken(right, audience: "another"),
            _provider.LogoutToken(new() { ["sub"] = "ada" }),
            _provider.LogoutToken(new() { ["events"] = LogoutEvent }), _provider.LogoutToken(new(right) { ["nonce"] = "n" }),
            _provider.LogoutToken(new() { ["sub"] = "ada", ["events"] = new Dictionary<string, object>() })])
        {
            Assert.Equal((token, HttpStatusCode.BadRequest), (token, (await LogOutAsync(token)).Status));
        }
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task LogoutToken_IsToBeSentAgain_WhenTheProviderIsAway()
    {
        await using var away = await TestIdentityProvider.StartAsync();
        var token = away.LogoutToken(new() { ["sub"] = "ada", ["events"] = LogoutEvent });
        var authority = away.Authority;
        await away.DisposeAsync();
        await using var console = await StartAsync(authority);

        var answer = await console.NewVisitor().PostAsync("/signout-oidc", ("logout_token", token));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("temporarily_unavailable", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("IDX", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserSignsOut_WhenTheProviderIsAway()
    {
        var ada = await SignInAsync("acme-viewers");
        await _provider.DisposeAsync();

        var answer = await ada.SubmitAsync("/logout");

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync(answer.Location!)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await ada.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task LogoutTokens_AreLimited()
    {
        var visitor = _console.NewVisitor();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 2 * BackChannelLogout.RequestsPerMinute)
                .Select(_ => visitor.PostAsync("/signout-oidc", ("logout_token", "nonsense"))));

        Assert.Contains(answers, static answer => answer.Status == HttpStatusCode.BadRequest);
        var refused = answers.Where(static answer => answer.Status == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, static answer => Assert.Contains("Retry-After", answer.Headers.Keys));
    }

    [Fact]
    public async Task ClientSecret_IsNeverShown()
    {
        await SignInAsync("acme-operators");

        Assert.DoesNotContain(
            _console.Logs.Entries, static line => line.Text.Contains(TestIdentityProvider.ClientSecret, StringComparison.Ordinal));
    }

    private static Dictionary<string, object> LogoutEvent =>
        new() { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() };

    private Task<Answer> LogOutAsync(string token) => _console.NewVisitor().PostAsync("/signout-oidc", ("logout_token", token));

    private Task<ConsoleHost> StartAsync(string? authority = null) => ConsoleHost.StartAsync([_acme.Settings], new()
    {
        ["SignIn:SessionLifetime"] = "01:00:00", ["SignIn:OpenIdConnect:Authority"] = authority ?? _provider.Authority,
        ["SignIn:OpenIdConnect:RequireHttps"] = "false",
        ["SignIn:OpenIdConnect:ClientId"] = TestIdentityProvider.ClientId,
        ["SignIn:OpenIdConnect:ClientSecret"] = TestIdentityProvider.ClientSecret,
    }, _time);

    private async Task<Visitor> SignInAsync(params string[] groups)
    {
        _provider.AddUser("ada", "Ada Lovelace", groups);
        var visitor = _console.NewVisitor();
        var answer = await visitor.GetAsync(await AskProviderAsync(visitor, "ada"));
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.Status, answer.Location));
        return visitor;
    }

    /// <returns>Where the provider leads back to.</returns>
    private static async Task<string> AskProviderAsync(Visitor visitor, string user)
    {
        var asked = await visitor.PostAsync("/login", (Visitor.TokenField, await visitor.TokenAsync("/login")));
        var page = await visitor.GetAsync(asked.Location!);
        var form = new Uri(new Uri(asked.Location!), page.Page.QuerySelector("form")!.GetAttribute("action"));
        return (await visitor.PostAsync(form.ToString(), ("username", user))).Location!;
    }

    private void AssertLogged(ConsoleHost? console = null) =>
        Assert.Contains((console ?? _console).Logs.Entries, static line =>
            line.Level == LogLevel.Warning && line.Category == typeof(OpenIdConnectSignIn).FullName
                && line.Text.StartsWith("A sign-in with the OpenID Connect provider failed", StringComparison.Ordinal));
}
