using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>The servers of the schema: those of the last 24 hours, or those that another storage still has.</summary>
internal sealed class ServersReader(JobStorage storage, TimeProvider time)
{
    // Servers send a heartbeat every few seconds.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <param name="app">Only servers of this app's queue; <see langword="null"/> for all.</param>
    public IReadOnlyList<ServerSummary> Read(string? app)
    {
        var servers = storage is IJobSearch search ? search.Servers().Select(Summary) : ReadForeign();
        return [.. servers.Where(server => app is null || server.Queues.Contains(app))];
    }

    private IEnumerable<ServerSummary> ReadForeign() =>
        storage.GetMonitoringApi().Servers().Select(server => new ServerSummary
        {
            Id = server.Name,
            Queues = [.. server.Queues],
            State = StateOf(Utc(server.Heartbeat ?? server.StartedAt)),
            Workers = server.WorkersCount,
            StartedAt = Utc(server.StartedAt),
            HeartbeatAt = server.Heartbeat is { } at ? Utc(at) : null,
        });

    private ServerSummary Summary(ServerRecord server) => new()
    {
        Id = server.Id,
        Queues = server.Queues,
        State = server.EndedAt is null ? StateOf(server.HeartbeatAt) : server.HasDied ? ServerState.Died : ServerState.Stopped,
        Workers = server.Workers,
        StartedAt = server.StartedAt,
        HeartbeatAt = server.HeartbeatAt,
        EndedAt = server.EndedAt,
        RescuedJobs = server.RescuedJobs,
    };

    private ServerState StateOf(DateTimeOffset seenAt) =>
        time.GetUtcNow() - seenAt < Silence ? ServerState.Running : ServerState.Silent;

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
