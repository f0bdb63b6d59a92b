using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace Asdamir.Data.Tests.Monitoring.Reads.Overview;

/// <summary>An app that is served under a path, as behind a proxy.</summary>
public sealed class PathBaseTests() : MonitoringTests(StorageKind.Sqlite)
{
    private const string Base = "/apps/crm";

    [Fact]
    public async Task LinksAndLocations_BeginWithThePathBase()
    {
        var crm = await StartAsync(use: app =>
        {
            app.UsePathBase(Base);
            app.UseRouting();
        });
        Fail(crm);
        var last = Fail(crm);

        var first = await SendAsync(crm, HttpMethod.Get, $"{Base}{Api.Root}/jobs?pageSize=1");
        var link = first.Headers.GetValues("Link").Single();
        var second = await SendAsync(crm, HttpMethod.Get, link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        var deleted = await SendAsync(crm, HttpMethod.Post, $"{Base}{Api.Root}/jobs/{last}/delete");
        var started = await SendAsync(crm, HttpMethod.Post, $"{Base}{Api.Root}/jobs/requeue", """{"filter":{"state":"Failed"}}""");

        Assert.StartsWith($"<{Base}{Api.Root}/jobs?pageSize=1&after=", link, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.StartsWith($"{Base}{Api.Root}/operations/", started.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(crm, HttpMethod.Get, started.Headers.Location.ToString())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(crm, HttpMethod.Get, $"{Base}/hangfire/jobs/failed")).StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(WebHost app, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json")
        };
        request.Headers.Add(Api.Bearer.Name, Api.Bearer.Value);
        return await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
