using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;

namespace Asdamir.AdminConsole.Companies;

/// <summary>The queues and servers that need attention.</summary>
/// <param name="Oldest">The queue whose first job waits longest.</param>
/// <param name="Unheard">Queues in which jobs wait and no living server listens.</param>
/// <param name="Silent">Servers that gave no sign of life for longer than they may.</param>
internal sealed record HealthSummary(QueueDepth? Oldest, IReadOnlyList<string> Unheard, IReadOnlyList<ServerSummary> Silent, int Alive)
{
    // Servers tell every few seconds that they live; Hangfire removes them after five minutes of silence.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    public static bool IsAlive(ServerSummary server, DateTimeOffset now) => now - (server.HeartbeatAt ?? server.StartedAt) < Silence;

    public static HealthSummary Of(IReadOnlyList<QueueDepth> queues, IReadOnlyList<ServerSummary> servers, DateTimeOffset now)
    {
        var alive = servers.Where(server => IsAlive(server, now)).ToList();
        return new HealthSummary(
            queues.Where(static queue => queue.OldestAt is not null).MinBy(static queue => queue.OldestAt),
            [
                .. queues.Where(queue => queue.Waiting > 0 && !alive.Exists(server => server.Queues.Contains(queue.Name)))
                    .Select(static queue => queue.Name)
            ],
            [.. servers.Where(server => !IsAlive(server, now))],
            alive.Count);
    }
}
