using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Maps the JSON API and the dashboard of an app's jobs.</summary>
public static class HangfireJobsEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the JSON monitoring API. It answers only users whom <see cref="HangfireJobsAccessOptions"/> admits, in addition to
    /// whatever the conventions of the host require.
    /// </summary>
    /// <param name="endpoints">The routes of the app, or a group of them.</param>
    /// <param name="pattern">The path of the API, without parameters. The API also answers unknown routes below it. The default value is
    /// <c>/frameworkapi/hangfire</c>.</param>
    /// <returns>A builder whose conventions apply to every endpoint of the API.</returns>
    /// <exception cref="ArgumentException">The pattern is empty, has a parameter, or is not a route pattern.</exception>
    /// <exception cref="InvalidOperationException">The services were not added, or the API is already mapped under this
    /// pattern.</exception>
    public static IEndpointConventionBuilder MapHangfireJobsApi(
        this IEndpointRouteBuilder endpoints, string pattern = "/frameworkapi/hangfire")
    {
        var mappings = JobMappings.Of(endpoints, nameof(MapHangfireJobsApi));
        return MonitoringEndpoints.Map(endpoints, mappings.Add(endpoints, pattern, nameof(MapHangfireJobsApi)))
            .AddEndpointFilter(endpoints.ServiceProvider.GetRequiredService<AccessFilter>());
    }

    /// <summary>
    /// Maps Hangfire's dashboard. It is shown only to users whom <see cref="HangfireJobsAccessOptions"/> admits, in addition to
    /// whatever the conventions of the host require.
    /// </summary>
    /// <param name="endpoints">The routes of the app, or a group of them.</param>
    /// <param name="pattern">The path of the dashboard, without parameters. The default value is <c>/hangfire</c>.</param>
    /// <returns>A builder whose conventions apply to every page and file of the dashboard.</returns>
    /// <exception cref="ArgumentException">The pattern is empty, has a parameter, or is not a route pattern.</exception>
    /// <exception cref="InvalidOperationException">The services were not added, or the dashboard is already mapped under this
    /// pattern.</exception>
    public static IEndpointConventionBuilder MapHangfireJobsDashboard(this IEndpointRouteBuilder endpoints, string pattern = "/hangfire")
    {
        var mappings = JobMappings.Of(endpoints, nameof(MapHangfireJobsDashboard));
        return DashboardEndpoint.Map(endpoints, mappings.Add(endpoints, pattern, nameof(MapHangfireJobsDashboard)));
    }
}
