using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>The queues with what waits in them.</summary>
internal sealed class QueuesReader(JobStorage storage)
{
    /// <param name="app">Only this app's queue; <see langword="null"/> for all.</param>
    public IReadOnlyList<QueueDepth> Read(string? app)
    {
        var queues = storage is IJobSearch search ? search.Queues() : ReadForeign();
        return app is null ? queues : [queues.FirstOrDefault(queue => queue.Name == app) ?? new QueueDepth { Name = app }];
    }

    private List<QueueDepth> ReadForeign()
    {
        var monitoring = storage.GetMonitoringApi();
        return [.. monitoring.Queues().Select(queue => new QueueDepth
        {
            Name = queue.Name,
            Waiting = queue.Length,
            OldestAt = queue.FirstJobs.FirstOrDefault().Value?.EnqueuedAt is { } at ? DateTime.SpecifyKind(at, DateTimeKind.Utc) : null,
            Claimed = queue.Fetched ?? 0,
        })];
    }
}
