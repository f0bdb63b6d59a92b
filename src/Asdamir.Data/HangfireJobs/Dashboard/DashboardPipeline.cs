using Hangfire;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>Hangfire's dashboard with readable job names and safe actions. Who may open it is decided before it.</summary>
internal static class DashboardPipeline
{
    public static RequestDelegate Build(IEndpointRouteBuilder endpoints, string path)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<HangfireJobsOptions>();
        // Opened at the first request, so that building the app does not wait for the storage.
        var pipeline = new Lazy<RequestDelegate>(() => endpoints.CreateApplicationBuilder()
            .UsePathBase(path)
            .UseMiddleware<AspNetCoreDashboardMiddleware>(
                endpoints.ServiceProvider.GetRequiredService<JobStorage>(), Options(options), DashboardRoutes.Routes, true)
            .Build());
        return http => pipeline.Value(http);
    }

    private static DashboardOptions Options(HangfireJobsOptions options) => new()
    {
        Authorization = [],
        IsReadOnlyFunc = _ => options.Access.ReadOnly,
        DisplayNameFunc = (_, job) => DashboardNames.Of(job),
        DashboardTitle = options.AppQueue.Length == 0 ? "Background jobs" : $"Background jobs · {options.AppQueue}",
        DisplayStorageConnectionString = false,
    };
}
