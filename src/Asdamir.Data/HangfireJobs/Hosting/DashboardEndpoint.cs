using Asdamir.Data.HangfireJobs.Dashboard;
using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>Admits users to the dashboard, and moves the path it is mapped under to the path base, from which its links begin.</summary>
internal static class DashboardEndpoint
{
    private const string Route = "/{**path}";

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern)
    {
        var access = endpoints.ServiceProvider.GetRequiredService<AccessPolicy>();
        var dashboard = DashboardPipeline.Build(endpoints);
        return endpoints.Map(pattern + Route, (HttpContext http) => ServeAsync(http, access, dashboard))
            .WithMetadata(new MappedRoute(Route))
            .ExcludeFromDescription();
    }

    private static async Task ServeAsync(HttpContext http, AccessPolicy access, RequestDelegate dashboard)
    {
        if (await access.CheckAsync(http).ConfigureAwait(false) is var refusal and not 0)
        {
            await AccessPolicy.RefuseAsync(http, refusal).ConfigureAwait(false);
            return;
        }
        http.Items[DashboardPipeline.MayAct] = await access.MayActAsync(http).ConfigureAwait(false);
        var pathBase = http.Request.PathBase;
        var path = http.Request.Path;
        var root = MappedRoot.Prefix(path.Value!, MappedRoot.DepthOf((RouteEndpoint)http.GetEndpoint()!));
        http.Request.PathBase = pathBase.Add(root);
        http.Request.Path = path.Value![root.Length..];
        try
        {
            await dashboard(http).ConfigureAwait(false);
        }
        finally
        {
            http.Request.PathBase = pathBase;
            http.Request.Path = path;
        }
    }
}
