using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands.Documents;

internal sealed record QueuesDocument(IReadOnlyList<QueueDocument> Queues);

internal sealed record QueueDocument(
    string Name, long Waiting, DateTimeOffset? OldestAt, double? OldestWaitSeconds, long Claimed, int Servers, bool Unserved, int Crashes,
    JobPause? Pause)
{
    public static QueueDocument Of(QueueSummary queue, DateTimeOffset now) => new(
        queue.Name, queue.Waiting, queue.OldestAt,
        queue.OldestAt is { } at ? Math.Max(Math.Round((now - at).TotalSeconds, 3), 0) : null,
        queue.Claimed, queue.Servers, queue.IsUnserved, queue.Crashes?.Count ?? 0, queue.Pause);
}
