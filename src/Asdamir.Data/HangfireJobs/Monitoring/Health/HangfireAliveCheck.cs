using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.HangfireJobs.Monitoring.Health;

/// <summary>
/// Whether a restart of this process would help: only when its server has ended. A storage that is away and jobs that fail are no reason to
/// restart it.
/// </summary>
internal sealed class HangfireAliveCheck(ServerStatus status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
        status.HasServerEnded
            ? new HealthCheckResult(context.Registration.FailureStatus, "The job server of this process has ended.")
            : HealthCheckResult.Healthy(status.HasStorage ? "The process works." : "The process works, and waits for the job storage."));
}
