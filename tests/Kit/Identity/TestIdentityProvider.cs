using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Kit.Identity.Endpoints;

namespace Kit.Identity;

/// <summary>
/// An OpenID Connect provider on a free port of this machine, for tests: the authorization code flow with PKCE, one
/// confidential client, and a sign-in page that asks for a user's name and nothing else.
/// </summary>
public sealed class TestIdentityProvider : IAsyncDisposable
{
    public const string ClientId = "asdamir";
    public const string ClientSecret = "test-secret";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, User> _users = new();

    private TestIdentityProvider(WebApplication app) => _app = app;

    /// <summary>The issuer, as <c>http://127.0.0.1:port</c>.</summary>
    public string Authority => _app.Urls.First();

    internal SigningKey Key { get; } = new();

    internal Grants Grants { get; } = new();

    public static async Task<TestIdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(LocalPort.AnyUrl);

        var provider = new TestIdentityProvider(builder.Build());
        DiscoveryEndpoints.Map(provider._app, provider);
        AuthorizeEndpoint.Map(provider._app, provider);
        TokenEndpoint.Map(provider._app, provider);
        UserInfoEndpoint.Map(provider._app, provider);
        EndSessionEndpoint.Map(provider._app);
        await provider._app.StartAsync();
        return provider;
    }

    /// <summary>Adds a user, or changes the one of this name; tokens given from then on say so.</summary>
    /// <param name="name">What is typed into the sign-in page; the claim <c>sub</c> and, at example.com, <c>email</c>.</param>
    /// <param name="displayName">The claim <c>name</c>.</param>
    /// <param name="groups">The claim <c>groups</c>, an array.</param>
    public void AddUser(string name, string displayName, params string[] groups) => _users[name] = new User(name, displayName, groups);

    /// <summary>
    /// What the provider sends to <c>/signout-oidc</c> of a client, with these claims beside issuer, audience and expiry.
    /// </summary>
    public string LogoutToken(Dictionary<string, object> claims, string audience = ClientId) =>
        Key.LogoutToken(Authority, audience, claims);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
    }

    internal User? FindUser(string name) => _users.GetValueOrDefault(name);
}
