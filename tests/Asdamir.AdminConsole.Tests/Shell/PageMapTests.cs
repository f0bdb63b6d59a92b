using Asdamir.AdminConsole.Shell;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.AdminConsole.Tests.Shell;

/// <summary>The addresses of the console, which people keep as bookmarks.</summary>
public sealed class PageMapTests : OneCompany
{
    [Fact]
    public void Addresses_AreTheKnownOnes() => Assert.Equal(
        [
            "GET /", "GET /account", "GET /companies", "GET /denied", "GET /health", "GET /login", "GET /{*path:nonfile}",
            "GET /{code}/", "GET /{code}/audit", "GET /{code}/audit.csv", "GET /{code}/doctor", "GET /{code}/jobs",
            "GET /{code}/jobs/failed", "GET /{code}/jobs/{id}",
            "GET /{code}/jobs/{id}/log", "GET /{code}/limits",
            "GET /{code}/live/jobs/{id}", "GET /{code}/live/operations/{id}", "GET /{code}/live/overview", "GET /{code}/live/queues",
            "GET /{code}/live/servers", "GET /{code}/live/tabs", "GET /{code}/operations/{id}", "GET /{code}/queues",
            "GET /{code}/recurring",
            "GET /{code}/servers", "GET /{code}/workflows", "GET /{code}/workflows/{id}", "POST /account", "POST /login", "POST /logout",
            "POST /{code}/jobs/act", "POST /{code}/limits/act",
            "POST /{code}/queues/act",
            "POST /{code}/recurring/act", "POST /{code}/workflows/act",
        ],
        Mapped().Where(static address => !address.StartsWith("GET /assets/", StringComparison.Ordinal)));

    [Fact]
    public void EveryPage_IsMappedOnceWithItsLiveFragment()
    {
        var mapped = Mapped();

        Assert.All(PageMap.OfCompany, page =>
        {
            Assert.Single(mapped, $"GET /{{code}}{(page.Path.Length == 0 ? "/" : page.Path)}");
            if (page.Live is not null)
                Assert.Single(mapped, $"GET /{{code}}{page.LivePath}");
        });
    }

    [Fact]
    public async Task EveryPageWithAKey_IsInTheNavigationAndInTheHelp()
    {
        var ada = await OperatorAsync();

        var answer = await ada.GetAsync("/acme?app=shop");

        var links = answer.Page.QuerySelectorAll("nav [data-goto]");
        Assert.Equal(
            PageMap.OfCompany.Where(static page => page.Key is not null).Select(static page => ($"{page.Key}", page.Link("acme", "shop"))),
            links.Select(static link => (link.GetAttribute("data-goto")!, link.GetAttribute("href")!)));
        Assert.Equal(links.Length, links.Select(static link => link.GetAttribute("data-goto")).Distinct().Count());
        var help = answer.Page.QuerySelectorAll("#keys dt").Select(static keys => keys.TextContent).ToList();
        Assert.All(links, link => Assert.Contains($"g {link.GetAttribute("data-goto")}", help));
    }

    [Theory]
    [InlineData("/acme", "Overview")]
    [InlineData("/acme/", "Overview")]
    [InlineData("/acme/jobs", "Jobs")]
    [InlineData("/acme/jobs/17", "Jobs")]
    [InlineData("/acme/audit", "Audit")]
    public async Task Navigation_MarksTheOpenPage(string address, string title)
    {
        var ada = await OperatorAsync();

        var current = (await ada.GetAsync(address)).Page.QuerySelectorAll("nav[aria-label=Pages] [aria-current=page]");

        Assert.Equal([title], current.Select(static link => link.TextContent));
    }

    private List<string> Mapped() =>
    [
        .. Site.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(static endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}"))
            .Order(StringComparer.Ordinal),
    ];
}
