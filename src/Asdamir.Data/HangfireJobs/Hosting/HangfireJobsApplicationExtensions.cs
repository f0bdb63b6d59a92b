using Asdamir.Data.HangfireJobs.Dashboard;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Opens the JSON API and the dashboard of an app's jobs.</summary>
public static class HangfireJobsApplicationExtensions
{
    private const string DashboardPath = "/hangfire";

    /// <summary>
    /// Serves the JSON monitoring API under <c>/frameworkapi/hangfire</c>. Only those whom
    /// <see cref="HangfireJobsAccessOptions"/> lets in get an answer.
    /// </summary>
    /// <param name="app">The app, with <c>AddCoreHangfireJobs</c> called on its services.</param>
    /// <exception cref="InvalidOperationException">The services were not added.</exception>
    public static WebApplication UseCoreHangfireApi(this WebApplication app)
    {
        Access(app, nameof(UseCoreHangfireApi));
        MonitoringEndpoints.Map(app).AddEndpointFilter(app.Services.GetRequiredService<AccessFilter>());
        return app;
    }

    /// <summary>
    /// Serves Hangfire's dashboard under <c>/hangfire</c>. Only those whom <see cref="HangfireJobsAccessOptions"/>
    /// lets in see it.
    /// </summary>
    /// <param name="app">The app, with <c>AddCoreHangfireJobs</c> called on its services.</param>
    /// <exception cref="InvalidOperationException">The services were not added.</exception>
    public static WebApplication UseCoreHangfireDashboard(this WebApplication app)
    {
        var access = Access(app, nameof(UseCoreHangfireDashboard));
        var dashboard = DashboardPipeline.Build(app, DashboardPath);
        app.Map($"{DashboardPath}/{{**path}}", async (HttpContext http) =>
        {
            if (await access.CheckAsync(http).ConfigureAwait(false) is var refusal and not 0)
            {
                await AccessPolicy.RefuseAsync(http, refusal).ConfigureAwait(false);
                return;
            }
            http.Items[DashboardPipeline.MayAct] = await access.MayActAsync(http).ConfigureAwait(false);
            await dashboard(http).ConfigureAwait(false);
        }).ExcludeFromDescription();
        return app;
    }

    private static AccessPolicy Access(WebApplication app, string method)
    {
        ArgumentNullException.ThrowIfNull(app);
        var access = app.Services.GetService<AccessPolicy>()
            ?? throw new InvalidOperationException($"{method} needs the background jobs. Fix: call builder.Services.AddCoreHangfireJobs(builder.Configuration) before builder.Build().");
        access.IsUsed = true;
        return access;
    }
}
