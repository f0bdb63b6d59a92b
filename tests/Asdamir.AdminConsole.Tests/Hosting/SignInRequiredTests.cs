using System.Net;

namespace Asdamir.AdminConsole.Tests.Hosting;

/// <summary>Nothing is open that is not meant to be.</summary>
public sealed class SignInRequiredTests : IAsyncLifetime
{
    private TestCompany _acme = null!;
    private ConsoleHost _console = null!;

    public async ValueTask InitializeAsync()
    {
        _acme = await TestCompany.StartAsync("acme");
        _console = await ConsoleHost.StartAsync(_acme);
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        await _acme.DisposeAsync();
    }

    [Fact]
    public async Task EveryAddress_LeadsToTheSignIn_WhenNotSignedIn()
    {
        var stranger = _console.NewVisitor();
        List<string> open = [];
        foreach (var address in Addresses.Of(_console, "acme", _acme.Fail("a secret")))
        {
            using var form = address.Method == HttpMethod.Post ? new FormUrlEncodedContent([]) : null;
            var answer = await stranger.SendAsync(address.Method, address.Path, form);
            if (answer.Status != HttpStatusCode.Redirect
                || !answer.Location!.StartsWith($"{_console.Url}login?ReturnUrl=", StringComparison.Ordinal) || answer.Body.Length > 0)
            {
                open.Add(
                    $"{address.Method} {(address.Path.StartsWith("/assets/", StringComparison.Ordinal) ? "/assets" : address.Path)} "
                        + $"{(int)answer.Status}");
            }
        }

        Assert.Equal(
            ["GET /assets 200", "GET /health 200", "GET /login 200", "POST /login 400", "POST /logout 400"],
            open.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("X-Requested-With", "fetch")]
    [InlineData("Sec-Fetch-Dest", "empty")]
    public async Task Script_GetsAnErrorAndNoRedirect_WhenNotSignedIn(string header, string value)
    {
        var stranger = _console.NewVisitor();
        foreach (var address in Addresses.Of(_console, "acme", _acme.Fail()).Where(static address => address.IsOfCompany))
        {
            using var form = address.Method == HttpMethod.Post ? new FormUrlEncodedContent([]) : null;
            var answer = await stranger.SendAsync(address.Method, address.Path, form, (header, value));

            Assert.Equal((address, HttpStatusCode.Unauthorized, "", null), (address, answer.Status, answer.Body, answer.Location));
        }
    }

    [Fact]
    public async Task UnknownAddress_TellsAStrangerNothingElse()
    {
        var stranger = _console.NewVisitor();

        foreach (var path in (string[])[
            "/nobody", "/nobody/jobs", "/acme/nothing", "/acme/nothing.css", "/nothing.css", "/acme/jobs/1/log/more"])
        {
            Assert.Equal((path, HttpStatusCode.Redirect), (path, (await stranger.GetAsync(path)).Status));
        }
    }

    [Fact]
    public async Task ForgedCookie_DoesNotSignIn()
    {
        var stranger = _console.NewVisitor();
        stranger.Cookies.Add(_console.Url, new Cookie("asdamir-console", "CfDJ8" + new string('A', 200)));

        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task Session_IsOutOfReachOfScriptsAndOfFormsOfOtherSites()
    {
        var password = _console.Accounts.Add("ada", ["viewer:acme"])!;

        var answer = await ConsoleHost.TrySignInAsync(_console.NewVisitor(), "ada", password);

        var cookie = answer.Headers["Set-Cookie"];
        Assert.StartsWith("asdamir-console=", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
    }
}
