using System.Globalization;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>Hangfire's dashboard with readable job names and safe actions. Access is checked before it.</summary>
internal static class DashboardPipeline
{
    /// <summary>The key of the request item that says whether the user may act.</summary>
    public static readonly object MayAct = new();

    // If a page wrote stored text without encoding it, only the dashboard's own scripts could run.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    private static readonly CultureInfo? English = FindEnglish();

    public static RequestDelegate Build(IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<HangfireJobsOptions>();
        // Built at the first request, so that building the app creates no storage.
        // The next request tries again to create a storage that could not be created.
        var pipeline = new Lazy<RequestDelegate>(
            () => endpoints.CreateApplicationBuilder()
                .UseMiddleware<AspNetCoreDashboardMiddleware>(
                    Storage(endpoints.ServiceProvider), Options(options.AppQueue), DashboardRoutes.Routes, true)
                .Build(),
            LazyThreadSafetyMode.PublicationOnly);
        return http =>
        {
            http.Response.Headers.TryAdd("Content-Security-Policy", ContentSecurityPolicy);
            http.Response.Headers.TryAdd("X-Content-Type-Options", "nosniff");
            return ServeAsync(pipeline.Value, http);
        };
    }

    // Hangfire writes the language of the request's culture into its pages, and the invariant culture has none.
    private static async Task ServeAsync(RequestDelegate dashboard, HttpContext http)
    {
        if (English is not null && CultureInfo.CurrentUICulture.Equals(CultureInfo.InvariantCulture))
            CultureInfo.CurrentUICulture = English;
        await dashboard(http).ConfigureAwait(false);
    }

    private static DashboardStorage Storage(IServiceProvider services) =>
        new(services.GetRequiredService<JobStorage>(), services.GetRequiredService<SecretMask>());

    private static CultureInfo? FindEnglish()
    {
        try
        {
            return CultureInfo.GetCultureInfo("en");
        }
        catch (CultureNotFoundException)
        {
            // The app runs with the invariant culture only.
            return null;
        }
    }

    private static DashboardOptions Options(string app) => new()
    {
        Authorization = [],
        IsReadOnlyFunc = static context => context.GetHttpContext().Items[MayAct] is not true,
        DisplayNameFunc = (_, job) => DashboardNames.Of(job),
        DashboardTitle = app.Length == 0 ? "Background jobs" : $"Background jobs · {app}",
        DisplayStorageConnectionString = false,
    };
}
