using Microsoft.AspNetCore.Builder;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Maps the JSON API and the dashboard of an app's jobs under their default paths.</summary>
public static class HangfireJobsApplicationExtensions
{
    /// <summary>
    /// Maps the JSON monitoring API under <c>/frameworkapi/hangfire</c>, as
    /// <see cref="HangfireJobsEndpointRouteBuilderExtensions.MapHangfireJobsApi"/> does.
    /// </summary>
    /// <param name="app">The app, with <c>AddCoreHangfireJobs</c> called on its services.</param>
    /// <returns>The app.</returns>
    /// <exception cref="InvalidOperationException">The services were not added, or the API is already mapped under this path.</exception>
    public static WebApplication UseCoreHangfireApi(this WebApplication app)
    {
        app.MapHangfireJobsApi();
        return app;
    }

    /// <summary>
    /// Maps Hangfire's dashboard under <c>/hangfire</c>, as
    /// <see cref="HangfireJobsEndpointRouteBuilderExtensions.MapHangfireJobsDashboard"/> does.
    /// </summary>
    /// <param name="app">The app, with <c>AddCoreHangfireJobs</c> called on its services.</param>
    /// <returns>The app.</returns>
    /// <exception cref="InvalidOperationException">The services were not added, or the dashboard is already mapped under this
    /// path.</exception>
    public static WebApplication UseCoreHangfireDashboard(this WebApplication app)
    {
        app.MapHangfireJobsDashboard();
        return app;
    }
}
