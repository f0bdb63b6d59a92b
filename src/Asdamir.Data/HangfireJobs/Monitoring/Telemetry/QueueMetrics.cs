using System.Diagnostics.Metrics;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Telemetry;

/// <summary>
/// Depth, oldest wait and pauses of the app's queues, read when a collector asks, at most every 10 seconds. While the storage
/// does not answer there is no value, rather than an old one.
/// </summary>
internal sealed class QueueMetrics
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly IJobMonitor _monitor;
    private readonly JobRouting _routing;
    private readonly TimeProvider _time;
    private IReadOnlyList<QueueSummary> _depths = [];
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    public QueueMetrics(JobMetrics metrics, IJobMonitor monitor, JobRouting routing, TimeProvider time)
    {
        _monitor = monitor;
        _routing = routing;
        _time = time;
        metrics.Meter.CreateObservableGauge(
            "asdamir.queue.depth", () => Read(static (queue, _) => queue.Waiting), "{job}", "How many jobs wait in the queue.");
        metrics.Meter.CreateObservableGauge(
            "asdamir.queue.oldest_wait",
            () => Read(static (queue, now) => queue.OldestAt is { } at ? Math.Max((now - at).TotalSeconds, 0) : 0), "s",
            "How long the first of them has waited.");
        metrics.Meter.CreateObservableGauge(
            "asdamir.queue.paused", () => Read(static (queue, _) => queue.Pause is null ? 0L : 1L), "{queue}",
            "1 while the queue is paused, otherwise 0.");
    }

    private List<Measurement<T>> Read<T>(Func<QueueSummary, DateTimeOffset, T> value) where T : struct
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (now - _readAt >= MaxAge)
            {
                try
                {
                    // A collector reads synchronously; the monitor reads on a separate thread, so that the wait cannot block it.
                    _depths = [.. _routing.OwnQueues.SelectMany(queue => _monitor.GetQueuesAsync(queue).GetAwaiter().GetResult())];
                }
                catch (Exception)
                {
                    // A collector must not fail because of the storage; the health check reports it.
                    _depths = [];
                }
                _readAt = now;
            }
            return [.. _depths.Select(queue => new Measurement<T>(value(queue, now), JobMetrics.Tags(queue.Name)))];
        }
    }
}
