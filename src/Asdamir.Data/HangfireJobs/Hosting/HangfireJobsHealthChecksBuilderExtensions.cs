using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.Monitoring.Health;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Adds the health of an app's jobs to its health checks.</summary>
public static class HangfireJobsHealthChecksBuilderExtensions
{
    private const string Live = "live";
    private const string Ready = "ready";

    /// <summary>
    /// Adds two checks. <c>hangfire-jobs-alive</c>, with the tag <c>live</c>, is unhealthy only when the job server of this process has
    /// ended, so that a restart helps. <c>hangfire-jobs</c>, with the tag <c>ready</c>, reports whether the job storage answers, a server
    /// of this app is alive, its queue is processed in time, few jobs fail and recurring jobs are on time; its limits are
    /// <see cref="HangfireJobsOptions.Health"/>.
    /// </summary>
    /// <param name="builder">The health checks of the app.</param>
    /// <param name="name">The name of the second check, and with <c>-alive</c> of the first. The default value is
    /// <c>hangfire-jobs</c>.</param>
    /// <param name="failureStatus">What is reported instead of unhealthy; <see langword="null"/> for unhealthy.</param>
    /// <param name="tags">Tags of both checks beside <c>live</c> and <c>ready</c>; <see langword="null"/> for none.</param>
    /// <exception cref="InvalidOperationException">Thrown when it is checked and <c>AddCoreHangfireJobs</c> was not called.</exception>
    public static IHealthChecksBuilder AddHangfireJobs(
        this IHealthChecksBuilder builder, string name = "hangfire-jobs", HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        List<string> common = [.. tags ?? []];
        return builder
            .Add(new HealthCheckRegistration($"{name}-alive", CreateAlive, failureStatus, [.. common, Live]))
            .Add(new HealthCheckRegistration(name, Create, failureStatus, [.. common, Ready]));
    }

    private static HangfireAliveCheck CreateAlive(IServiceProvider services) => new(services.GetRequiredService<ServerStatus>());

    private static HangfireJobsHealthCheck Create(IServiceProvider services) => new(
        new Lazy<HealthReads>(() => new HealthReads(
            services.GetRequiredService<IJobMonitor>(), services.GetRequiredService<UnservedQueues>())),
        services.GetRequiredService<HangfireJobsOptions>(), services.GetRequiredService<AppIdentity>(),
        services.GetRequiredService<JobRouting>(),
        services.GetRequiredService<UnknownJobs>(), services.GetRequiredService<StuckJobs>(), services.GetRequiredService<TimeProvider>());
}
