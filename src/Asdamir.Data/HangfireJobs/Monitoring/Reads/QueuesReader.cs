using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>The queues with what waits in them, and with the servers that listen to them.</summary>
internal sealed class QueuesReader(JobStorage storage, ServersReader servers, PausesReader pauses)
{
    // A process that is started again and again dies more often.
    private static readonly TimeSpan LongestPauseOfSeries = TimeSpan.FromMinutes(10);

    /// <param name="app">
    /// Only this app's queue; <see langword="null"/> for all that have jobs, had a server within a day, or are paused.
    /// </param>
    public IReadOnlyList<QueueSummary> Read(string? app)
    {
        var depths = (storage is IJobSearch search ? search.Queues() : ReadForeign()).ToDictionary(static queue => queue.Name);
        var listening = servers.Read(app)
            .SelectMany(static server => server.Queues.Distinct().Select(queue => (Queue: queue, Server: server)))
            .ToLookup(static pair => pair.Queue, static pair => pair.Server);
        var paused = pauses.OfQueues();
        var names = depths.Keys.Union(listening.Select(static queue => queue.Key)).Union(paused.Keys);
        return app is not null ? [Of(app)] : [.. names.Order(StringComparer.Ordinal).Select(Of)];

        QueueSummary Of(string name) =>
            Summary(depths.GetValueOrDefault(name) ?? new QueueDepth { Name = name }, [.. listening[name]]) with
            {
                Pause = paused.GetValueOrDefault(name),
            };
    }

    /// <returns>The queue, when no running server listens to it.</returns>
    public QueueSummary? FindUnserved(string name) =>
        servers.Read(name).Any(static server => server.State == ServerState.Running) ? null : Read(name)[0];

    /// <returns><see langword="null"/> when the queue is not paused.</returns>
    public JobPause? PauseOf(string name) => pauses.Of(name);

    private static QueueSummary Summary(QueueDepth depth, List<ServerSummary> servers)
    {
        var running = servers.Count(static server => server.State == ServerState.Running);
        return new QueueSummary
        {
            Name = depth.Name,
            Waiting = depth.Waiting,
            OldestAt = depth.OldestAt,
            OldestUnlimitedAt = depth.OldestUnlimitedAt,
            Claimed = depth.Claimed,
            Servers = running,
            LastServer = running > 0 ? null : servers.MaxBy(static server => server.LastSeenAt),
            Crashes = CrashesOf(servers),
        };
    }

    private static ServerCrashes? CrashesOf(List<ServerSummary> servers)
    {
        List<ServerSummary> series = [];
        var dead = servers.Where(static server => server.State == ServerState.Died).OrderByDescending(static server => server.EndedAt);
        foreach (var server in dead.TakeWhile(server => series.Count == 0 || series[^1].EndedAt - server.EndedAt <= LongestPauseOfSeries))
            series.Add(server);
        return series.Count == 0
            ? null
            : new ServerCrashes
            {
                Count = series.Count,
                FirstAt = series[^1].EndedAt!.Value,
                LastAt = series[0].EndedAt!.Value,
                RescuedJobs = series.Sum(static server => server.RescuedJobs),
            };
    }

    private List<QueueDepth> ReadForeign()
    {
        var monitoring = storage.GetMonitoringApi();
        return [.. monitoring.Queues().Select(static queue =>
        {
            DateTimeOffset? oldest = queue.FirstJobs.FirstOrDefault().Value?.EnqueuedAt is { } at
                ? DateTime.SpecifyKind(at, DateTimeKind.Utc)
                : null;
            return new QueueDepth
            {
                Name = queue.Name, Waiting = queue.Length, OldestAt = oldest, OldestUnlimitedAt = oldest, Claimed = queue.Fetched ?? 0,
            };
        })];
    }
}
