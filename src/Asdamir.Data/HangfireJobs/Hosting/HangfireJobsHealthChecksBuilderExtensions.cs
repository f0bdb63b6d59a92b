using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Health;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Adds the health of an app's jobs to its health checks.</summary>
public static class HangfireJobsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports whether the job storage answers, a server of this app lives, its queue is worked off in time, few runs fail and
    /// recurring jobs are on time. The limits are <see cref="HangfireJobsOptions.Health"/>.
    /// </summary>
    /// <param name="builder">The health checks of the app.</param>
    /// <param name="name">The name of the check. The default value is <c>hangfire-jobs</c>.</param>
    /// <param name="failureStatus">What is reported instead of unhealthy; <see langword="null"/> for unhealthy.</param>
    /// <param name="tags">Tags to select checks by; <see langword="null"/> for none.</param>
    /// <exception cref="InvalidOperationException">Thrown when it is checked and <c>AddCoreHangfireJobs</c> was not called.</exception>
    public static IHealthChecksBuilder AddHangfireJobs(
        this IHealthChecksBuilder builder, string name = "hangfire-jobs", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, Create, failureStatus, tags));
    }

    private static HangfireJobsHealthCheck Create(IServiceProvider services) => new(
        new Lazy<HealthReads>(() => new HealthReads(
            services.GetRequiredService<ServersReader>(), services.GetRequiredService<QueuesReader>(), services.GetRequiredService<HistoryReader>(),
            services.GetRequiredService<RecurringJobs>())),
        services.GetRequiredService<HangfireJobsOptions>(), services.GetRequiredService<AppIdentity>(), services.GetRequiredService<RunRouting>(),
        services.GetRequiredService<TimeProvider>());
}
