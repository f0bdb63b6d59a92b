using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;
using Microsoft.AspNetCore.Builder;

namespace Asdamir.Data.Tests.Hosting.Mapping;

/// <summary>The API and the dashboard under patterns that the app chooses, also inside groups.</summary>
public sealed partial class PatternTests() : MonitoringTests(StorageKind.InMemory)
{
    public static TheoryData<string, string> Prefixes => new()
    {
        { "", "" },
        { "/ops", "/ops" },
        { "/{company}/ops", "/acme/ops" },
    };

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Links_LeadBackToTheApi_WhereverItIsMapped(string group, string prefix)
    {
        var crm = await StartAsync(map: app => app.MapGroup(group).MapHangfireJobsApi("jobs-api/"));
        var root = $"{prefix}/jobs-api";
        Fail(crm);
        Fail(crm);

        var first = await AskAsync(crm, $"{root}/jobs?pageSize=1");
        var second = await AskAsync(crm, first.Link("next")!);
        var started = await PostAsync(crm, $"{root}/jobs/requeue", new { filter = new { state = "Failed" } }, Api.Bearer);
        var unguarded = await PostAsync(crm, $"{root}/jobs/requeue", new { }, ("X-Role", "operator"));

        Assert.StartsWith($"{root}/jobs?pageSize=1&after=", first.Link("next"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.StartsWith($"{root}/operations/", started.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(crm, started.Headers.Location.ToString())).Status);
        Assert.Contains($"{root}/antiforgery", unguarded.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task UnknownRoutes_AreAnsweredBelowThePattern_AndOnlyThere(string group, string prefix)
    {
        var crm = await StartAsync(map: app => app.MapGroup(group).MapHangfireJobsApi("/jobs-api"));
        var root = $"{prefix}/jobs-api";

        Assert.Contains(
            $"{root}/openapi.json", (await AskAsync(crm, $"{root}/no/such/route")).Problem(HttpStatusCode.NotFound),
            StringComparison.Ordinal);
        var wrongMethod = await PostAsync(crm, $"{root}/statistics", new { }, Api.Bearer);
        Assert.Contains("accepts GET only", wrongMethod.Problem(HttpStatusCode.MethodNotAllowed), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(crm, $"{root}/openapi.json")).Status);
        Assert.Equal((HttpStatusCode.NotFound, ""), await StatusAndBodyAsync(crm, $"{prefix}/other"));
        Assert.Equal((HttpStatusCode.NotFound, ""), await StatusAndBodyAsync(crm, $"{Api.Root}/statistics"));
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Dashboard_LinksToItsOwnPagesAndFiles_WhereverItIsMapped(string group, string prefix)
    {
        var crm = await StartAsync(map: app => app.MapGroup(group).MapHangfireJobsDashboard("/jobs/board"));
        var root = $"{prefix}/jobs/board";
        Fail(crm);

        foreach (var page in new[] { root, $"{root}/jobs/failed" })
        {
            var body = await (await crm.GetAsync(page)).EnsureSuccessStatusCode()
                .Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            // "/" is the link back to the app.
            var links = Link().Matches(body).Select(static link => link.Groups[1].Value)
                .Where(static link => link.StartsWith('/') && link != "/").Distinct().ToList();

            Assert.NotEmpty(links);
            Assert.All(links, link => Assert.StartsWith(root, link, StringComparison.Ordinal));
            foreach (var link in links)
                Assert.Equal((HttpStatusCode.OK, link), ((await crm.GetAsync(link)).StatusCode, link));
        }
    }

    [Fact]
    public async Task TwoPatterns_ServeTheSameJobs_EachWithItsOwnLinks()
    {
        var crm = await StartAsync(map: app =>
        {
            app.MapHangfireJobsApi();
            app.MapHangfireJobsApi("/second");
            app.MapHangfireJobsDashboard();
            app.MapHangfireJobsDashboard("/second/board");
        });
        Fail(crm);
        Fail(crm);

        var first = await AskAsync(crm, $"{Api.Root}/jobs?pageSize=1");
        var second = await AskAsync(crm, "/second/jobs?pageSize=1");

        Assert.Equal(first.Json.Ids(), second.Json.Ids());
        Assert.StartsWith($"{Api.Root}/jobs", first.Link("next"), StringComparison.Ordinal);
        Assert.StartsWith("/second/jobs", second.Link("next"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await crm.GetAsync("/second/board/servers")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await crm.GetAsync("/hangfire/servers")).StatusCode);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"#]+)")]
    private static partial Regex Link();

    // By its whole address: a path would be taken for a route of the default API.
    private static Task<Answer> AskAsync(WebHost app, string path) => app.AskAsync(new Uri(app.Client.BaseAddress!, path).ToString());

    private static Task<Answer> PostAsync(WebHost app, string path, object body, (string, string) header) =>
        app.SendAsync(HttpMethod.Post, new Uri(app.Client.BaseAddress!, path).ToString(), JsonContent.Create(body, body.GetType()), header);

    private static async Task<(HttpStatusCode Status, string Body)> StatusAndBodyAsync(WebHost app, string path)
    {
        using var response = await app.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
