using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>The servers of the schema.</summary>
internal sealed class ServersReader(JobStorage storage)
{
    /// <param name="app">Only servers of this app's queue; <see langword="null"/> for all.</param>
    public IReadOnlyList<ServerSummary> Read(string? app) =>
    [
        .. storage.GetMonitoringApi().Servers()
            .Where(server => app is null || server.Queues.Contains(app))
            .Select(static server => new ServerSummary
            {
                Id = server.Name,
                Queues = [.. server.Queues],
                Workers = server.WorkersCount,
                StartedAt = Utc(server.StartedAt),
                HeartbeatAt = server.Heartbeat is { } at ? Utc(at) : null,
            })
    ];

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
