using System.Text.Json.Nodes;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.OpenApi;

/// <summary>The OpenAPI documents of a host that has its own.</summary>
public sealed class HostDocumentTests() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task HostsDocument_DoesNotShowTheApi_UnlessTheHostAsks()
    {
        var crm = await StartAsync(services: static services => services.AddOpenApi(), map: static app => Map(app, static api => api));

        var document = await ReadAsync(crm, "/openapi/v1.json");

        Assert.Equal(["/mails"], document["paths"]!.AsObject().Select(static path => path.Key));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await crm.GetAsync("/openapi/hangfire-jobs.json")).StatusCode);
    }

    [Fact]
    public async Task HostsDocument_ShowsTheApi_ByItsGroupName()
    {
        var crm = await StartAsync(
            services: static services => services.AddOpenApi(), map: static app => Map(app, static api => api.WithGroupName("v1")));

        var document = await ReadAsync(crm, "/openapi/v1.json");
        var own = await ReadAsync(crm, $"{Api.Root}/openapi.json");
        var jobs = document["paths"]![$"{Api.Root}/jobs"]!["get"]!;

        Assert.Equal(
            own["paths"]!.AsObject().Select(static path => Api.Root + path.Key).Append("/mails").Order(StringComparer.Ordinal),
            document["paths"]!.AsObject().Select(static path => path.Key).Order(StringComparer.Ordinal));
        Assert.Equal("List jobs", jobs["summary"]!.GetValue<string>());
        Assert.Equal("jobs", jobs["operationId"]!.GetValue<string>());
        Assert.Equal(
            own["paths"]!["/jobs"]!["get"]!["parameters"]!.ToJsonString(),
            jobs["parameters"]!.ToJsonString());
        Assert.Equal(
            own["paths"]!["/jobs"]!["get"]!["responses"]!.AsObject().Select(static response => response.Key),
            jobs["responses"]!.AsObject().Select(static response => response.Key));
    }

    [Fact]
    public async Task OwnDocument_NamesTheServer_OfEachMapping()
    {
        var crm = await StartAsync(map: static app =>
        {
            app.MapHangfireJobsApi();
            app.MapGroup("/ops").MapHangfireJobsApi("/v2/jobs-api");
        });

        var first = await ReadAsync(crm, $"{Api.Root}/openapi.json");
        var second = await ReadAsync(crm, "/ops/v2/jobs-api/openapi.json");

        Assert.Equal("../hangfire", first["servers"]![0]!["url"]!.GetValue<string>());
        Assert.Equal("../jobs-api", second["servers"]![0]!["url"]!.GetValue<string>());
        Assert.Equal(first["paths"]!.ToJsonString(), second["paths"]!.ToJsonString());
    }

    private static void Map(WebApplication app, Func<IEndpointConventionBuilder, IEndpointConventionBuilder> configure)
    {
        app.MapOpenApi();
        app.MapPost("/mails", static (IHangfireJobService jobs) => jobs.Delete("1"));
        configure(app.MapHangfireJobsApi());
    }

    private static async Task<JsonNode> ReadAsync(WebHost app, string path)
    {
        using var response = await app.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path} is {response.StatusCode}: {body}");
        return JsonNode.Parse(body)!;
    }
}
