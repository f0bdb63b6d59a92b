using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Companies;

/// <summary>What needs attention in a company.</summary>
/// <param name="Oldest">The queue whose first job waits longest.</param>
/// <param name="Apps">The apps that need attention, the worst first.</param>
/// <param name="Running">How many servers run.</param>
/// <param name="Silent">How many servers are silent.</param>
/// <param name="Paused">The queues that are paused, which is no fault.</param>
public sealed record Attention(
    QueueSummary? Oldest, IReadOnlyList<AppAttention> Apps, int Running, int Silent, IReadOnlyList<QueueSummary> Paused)
{
    // Then a process that was replaced is no news.
    private static readonly TimeSpan NewsOfRestart = TimeSpan.FromHours(1);

    /// <param name="late">Apps with late recurring jobs, of which some may have neither jobs nor servers any more.</param>
    internal static Attention Of(
        IReadOnlyList<QueueSummary> queues, IReadOnlyList<ServerSummary> servers, IReadOnlyList<LateRecurringJobs> late,
        DateTimeOffset now) => new(
        queues.Where(static queue => queue.OldestAt is not null).MinBy(static queue => queue.OldestAt),
        [
            .. queues
                .Concat(late.Select(static app => app.App).Except(queues.Select(static queue => queue.Name), StringComparer.Ordinal)
                    .Select(static app => new QueueSummary { Name = app }))
                .Select(queue => AppOf(queue, servers, late.FirstOrDefault(app => app.App == queue.Name), now))
                .OfType<AppAttention>()
                .OrderByDescending(static app => app.Level)
                .ThenByDescending(static app => app.Queue.Waiting)
                .ThenBy(static app => app.Queue.Name, StringComparer.Ordinal)
        ],
        servers.Count(static server => server.State == ServerState.Running),
        servers.Count(static server => server.State == ServerState.Silent),
        [.. queues.Where(static queue => queue.Pause is not null)]);

    private static AppAttention? AppOf(
        QueueSummary queue, IReadOnlyList<ServerSummary> servers, LateRecurringJobs? late, DateTimeOffset now)
    {
        List<ServerSummary> silent = queue.Servers == 0
            ? []
            : [.. servers.Where(server => server.State == ServerState.Silent && server.Queues.Contains(queue.Name))];
        AttentionLevel? level = queue switch
        {
            { IsUnserved: true } => AttentionLevel.Unserved,
            { LastServer.State: ServerState.Died or ServerState.Silent } => AttentionLevel.Down,
            _ when late is not null => AttentionLevel.Late,
            _ when silent.Count > 0 => AttentionLevel.Silent,
            { Servers: > 0, Crashes: { } crashes } when now - crashes.LastAt < NewsOfRestart => AttentionLevel.Restarted,
            _ => null,
        };
        return level is { } known ? new AppAttention(queue, known, silent, late) : null;
    }
}
