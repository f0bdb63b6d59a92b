using System.Net;
using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace Asdamir.Data.Tests.Monitoring;

public sealed partial class ReferencePageTests
{
    private const string Page = $"{Api.Root}/reference/";

    public static TheoryData<string> Files => [Page, $"{Page}scalar.js", $"{Page}scalar.aspnetcore.js", $"{Page}favicon.svg"];

    [Theory]
    [InlineData("Development", null, true)]
    [InlineData("Development", true, true)]
    [InlineData("Development", false, false)]
    [InlineData("Production", null, false)]
    [InlineData("Production", true, true)]
    [InlineData("Production", false, false)]
    public async Task Reference_IsServedInDevelopment_OrWhereItIsSwitchedOn(string environment, bool? isOn, bool isServed)
    {
        await using var host = await StartAsync(environment, isOn);

        foreach (var file in Files.Select(static row => row.Data))
        {
            Assert.Equal(
                (file, isServed ? HttpStatusCode.OK : HttpStatusCode.NotFound),
                (file, (await host.AskAsync(file, ("X-Role", "viewer"))).Status));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Reference_StandsBehindTheAccessOfTheApi(string file)
    {
        await using var host = await StartAsync("Production", isOn: true);

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.AskAsync(file)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.AskAsync(file, ("X-Role", "guest"))).Status);
    }

    [Fact]
    public async Task Reference_IsFoundWithoutTheLastSlash_AndHasNoPagesBelow()
    {
        await using var host = await StartAsync("Production", isOn: true);

        Assert.Equal("text/html", (await host.AskAsync(Page.TrimEnd('/'), ("X-Role", "viewer"))).ContentType);
        (await host.AskAsync($"{Page}v1", ("X-Role", "viewer"))).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Reference_RunsScriptsWithItsNonceOnly_AndTheNonceIsNew()
    {
        await using var host = await StartAsync("Production", isOn: true);
        HashSet<string> nonces = [];

        for (var i = 0; i < 2; i++)
        {
            var page = await host.AskAsync(Page, ("X-Role", "viewer"));
            var policy = page.Header("Content-Security-Policy")!;
            var nonce = Nonce().Match(policy).Groups[1].Value;
            Assert.Contains($"script-src 'nonce-{nonce}';", policy, StringComparison.Ordinal);
            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.All(Script().Matches(page.Body), script =>
                Assert.Contains(
                    $"nonce=\"{WebUtility.HtmlEncode(nonce)}\"", WebUtility.HtmlDecode(script.Value), StringComparison.Ordinal));
            Assert.Equal("no-store", page.Header("Cache-Control"));
            Assert.True(nonces.Add(nonce));
        }
    }

    [Fact]
    public async Task Reference_IgnoresWhatTheHostConfiguresForItsOwnPages()
    {
        await using var host =
            await StartAsync("Production", isOn: true, static services => services.Configure<ScalarOptions>(static options => options
            .WithBundleUrl("https://cdn.example/scalar.js")
            .AddDocument("of-the-host")));

        var page = await host.AskAsync(Page, ("X-Role", "viewer"));

        Assert.Contains("openapi.json", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("cdn.example", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("of-the-host", page.Body, StringComparison.Ordinal);
    }

    private static Task<WebHost> StartAsync(string environment, bool? isOn, Action<IServiceCollection>? services = null) =>
        WebHost.StartAsync(
        environment,
        static _ => { },
        options =>
        {
            options.Access.Policy = "viewer";
            options.Access.ApiReference = isOn;
        },
        collection =>
        {
            HeaderAuthentication.Add(collection);
            services?.Invoke(collection);
        },
        map: static app => app.MapHangfireJobsApi());

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();
}
