using System.Net;
using System.Threading.RateLimiting;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Hosting.Mapping;

/// <summary>What the host adds to the mappings holds for each endpoint of the API and of the dashboard, and never opens them.</summary>
public sealed class ConventionTests() : MonitoringTests(StorageKind.InMemory)
{
    private static readonly string[] Paths =
    [
        "/statistics", "/jobs", "/jobs/1", "/recurring-jobs/1", "/antiforgery", "/openapi.json", "/no/such/route"
    ];

    [Fact]
    public async Task Conventions_ReachEveryEndpoint()
    {
        var crm = await StartAsync(map: app =>
        {
            app.MapHangfireJobsApi().WithGroupName("ops").WithMetadata("mark");
            app.MapHangfireJobsDashboard().WithMetadata("mark");
        });

        var endpoints = crm.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.True(endpoints.Count > 20);
        Assert.All(endpoints, static endpoint => Assert.Contains("mark", endpoint.Metadata.OfType<string>()));
        Assert.All(
            endpoints.Where(static endpoint => endpoint.RoutePattern.RawText!.StartsWith(Api.Root, StringComparison.Ordinal)),
            static endpoint => Assert.Equal("ops", endpoint.Metadata.GetMetadata<IEndpointGroupNameMetadata>()!.EndpointGroupName));
    }

    [Fact]
    public async Task RequireAuthorization_HoldsBesideThePolicyOfTheOptions()
    {
        var crm = await StartAsync(
            configure: static options => options.Access.Policy = "viewer",
            services: HeaderAuthentication.Add,
            map: static app =>
            {
                app.MapHangfireJobsApi().RequireAuthorization("operator");
                app.MapHangfireJobsDashboard().RequireAuthorization("operator");
                app.MapHangfireJobsApi("/open");
            });

        foreach (var path in Paths.Select(static path => Api.Root + path).Concat(["/hangfire", "/hangfire/servers", "/hangfire/css-dark"]))
        {
            Assert.Equal((HttpStatusCode.Unauthorized, path), ((await crm.GetAsync(path)).StatusCode, path));
            Assert.Equal((HttpStatusCode.Forbidden, path), ((await crm.GetAsync(path, ("X-Role", "viewer"))).StatusCode, path));
            Assert.DoesNotContain(
                (await crm.GetAsync(path, ("X-Role", "operator"))).StatusCode,
                new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
        }
        Assert.Equal(HttpStatusCode.OK, (await crm.GetAsync("/open/statistics", ("X-Role", "viewer"))).StatusCode);
    }

    [Fact]
    public async Task AllowAnonymous_DoesNotOpenWhatThePolicyCloses()
    {
        await using var crm =
            await WebHost.StartAsync("Production", static _ => { }, static options => options.RunServer = false, map: static app =>
        {
            app.MapHangfireJobsApi().AllowAnonymous();
            app.MapHangfireJobsDashboard().AllowAnonymous();
        });

        foreach (var path in Paths.Select(static path => Api.Root + path).Append("/hangfire"))
            Assert.Equal((HttpStatusCode.Forbidden, path), ((await crm.GetAsync(path)).StatusCode, path));
    }

    [Fact]
    public async Task RequireCors_AnswersThePreflightOfAnAction()
    {
        const string Origin = "https://ops.example";
        var crm = await StartAsync(
            services: static services =>
                services.AddCors(
                    static cors => cors.AddPolicy("ops", static policy => policy.WithOrigins(Origin).AllowAnyHeader().AllowAnyMethod())),
            use: static app => app.UseCors(),
            map: static app => app.MapHangfireJobsApi().RequireCors("ops"));

        var preflight = await crm.SendAsync(
            HttpMethod.Options, "/jobs/1/requeue", null, ("Origin", Origin), ("Access-Control-Request-Method", "POST"));
        var foreign = await crm.SendAsync(
            HttpMethod.Options, "/jobs/1/requeue", null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST"));
        var read = await crm.AskAsync("/statistics", ("Origin", Origin));

        Assert.Equal((HttpStatusCode.NoContent, Origin), (preflight.Status, preflight.Header("Access-Control-Allow-Origin")));
        Assert.Null(foreign.Header("Access-Control-Allow-Origin"));
        Assert.Equal((HttpStatusCode.OK, Origin), (read.Status, read.Header("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task RequireRateLimiting_CountsTheRequestsOfTheApi_AndOfTheDashboard()
    {
        var crm = await StartAsync(
            services: static services => services.AddRateLimiter(static limiter => limiter.AddPolicy("none", static _ =>
                RateLimitPartition.GetFixedWindowLimiter(
                    "all", static _ => new FixedWindowRateLimiterOptions { PermitLimit = 2, Window = TimeSpan.FromDays(1) }))),
            use: static app => app.UseRateLimiter(),
            map: static app =>
            {
                app.MapHangfireJobsApi().RequireRateLimiting("none");
                app.MapHangfireJobsDashboard().RequireRateLimiting("none");
            });

        Assert.Equal(HttpStatusCode.OK, (await crm.GetAsync($"{Api.Root}/statistics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await crm.GetAsync("/hangfire")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await crm.GetAsync($"{Api.Root}/no/such/route")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await crm.GetAsync("/hangfire/servers")).StatusCode);
    }
}
