using System.Net;
using System.Net.Http.Json;
using Kit.Identity;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>The provider that the tests sign in with behaves as a real one.</summary>
public sealed class TestIdentityTests : IAsyncLifetime
{
    private readonly HttpClient _browser = new();
    private TestIdentityProvider _provider = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await TestIdentityProvider.StartAsync();
        _provider.AddUser("ada", "Ada Lovelace", "acme-operators", "globex-viewers");
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task User_SignsInWithNameAndGroupsAndOutAgain()
    {
        await using var app = await SignedInApp.StartAsync(_provider);

        using var page = await _browser.GetAsync(new Uri(app.Url, "/me"), TestContext.Current.CancellationToken);
        Assert.StartsWith(_provider.Authority, page.RequestMessage!.RequestUri!.ToString(), StringComparison.Ordinal);
        using var answer = await SignInPage.SubmitAsync(_browser, page, "ada");

        var me = await answer.Content.ReadFromJsonAsync<SignedInApp.Me>(TestContext.Current.CancellationToken);
        Assert.Equal("Ada Lovelace", me!.Name);
        Assert.Equal("ada@example.com", me.Email);
        Assert.Equal(["acme-operators", "globex-viewers"], me.Groups);
        Assert.Equal("bye", await _browser.GetStringAsync(new Uri(app.Url, "/sign-out"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task UnknownName_StaysOnThePageAsText()
    {
        await using var app = await SignedInApp.StartAsync(_provider);

        using var page = await _browser.GetAsync(new Uri(app.Url, "/me"), TestContext.Current.CancellationToken);
        using var again = await SignInPage.SubmitAsync(_browser, page, "<b>eve</b>");

        Assert.Contains(
            "&lt;b&gt;eve", await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongClientSecret_IsRefused()
    {
        await using var app = await SignedInApp.StartAsync(_provider, static options => options.ClientSecret = "guessed");

        using var page = await _browser.GetAsync(new Uri(app.Url, "/me"), TestContext.Current.CancellationToken);
        using var answer = await SignInPage.SubmitAsync(_browser, page, "ada");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(
            "invalid_client", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPKCEVerifier_IsRefused()
    {
        await using var app =
            await SignedInApp.StartAsync(_provider, static options => options.Events.OnAuthorizationCodeReceived = static context =>
        {
            context.TokenEndpointRequest!.Parameters["code_verifier"] = new string('x', 43);
            return Task.CompletedTask;
        });

        using var page = await _browser.GetAsync(new Uri(app.Url, "/me"), TestContext.Current.CancellationToken);
        using var answer = await SignInPage.SubmitAsync(_browser, page, "ada");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(
            "invalid_grant", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
