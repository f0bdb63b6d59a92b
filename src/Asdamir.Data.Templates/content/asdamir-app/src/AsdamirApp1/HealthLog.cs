using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AsdamirApp1;

/// <summary>Logs when the app is not healthy: without a web server there is no address to ask.</summary>
internal sealed class HealthLog(ILogger<HealthLog> log) : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in report.Entries)
        {
            if (entry.Status != HealthStatus.Healthy)
                log.LogWarning("{Check} is {Status}: {Description}", name, entry.Status, entry.Description);
        }
        return Task.CompletedTask;
    }
}
