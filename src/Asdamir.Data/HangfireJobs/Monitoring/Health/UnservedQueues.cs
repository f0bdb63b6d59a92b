using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Composition;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.Server;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Monitoring.Health;

/// <summary>
/// Queues with jobs that no server listens to. Our own jobs are always on the app's queue, but a plain Hangfire job goes to
/// <c>default</c> or to where its <c>[Queue]</c> says. With an AppQueue the other queues of the schema belong to other apps, except
/// <c>default</c> and those into which this process has put plain jobs.
/// </summary>
internal sealed partial class UnservedQueues(
    StorageJobMonitor monitor, AppIdentity app, JobRouting routing, PlainQueues plain, HangfireJobsOptions options, TimeProvider time,
    ILogger<UnservedQueues> log) : IBackgroundProcess
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    public IReadOnlyList<QueueSummary> Read()
    {
        var waiting = monitor.Queues.Read(null)
            .Where(queue =>
                queue.Waiting > 0 && queue.Pause is null && !routing.Owns(queue.Name)
                    && (!app.IsIsolated || queue.Name == AppIdentity.DefaultQueue || plain.Contains(queue.Name)))
            .ToList();
        if (waiting.Count == 0)
            return [];
        var now = time.GetUtcNow().UtcDateTime;
        var served = monitor.Servers.Read(null)
            .Where(server => server.EndedAt is null && now - server.HeartbeatAt <= options.Health.UnhealthySilence)
            .SelectMany(static server => server.Queues)
            .ToHashSet(StringComparer.Ordinal);
        return waiting.FindAll(queue => !served.Contains(queue.Name));
    }

    public void Execute(BackgroundProcessContext context)
    {
        Report();
        context.Wait(Interval);
    }

    /// <summary>Reports each queue once.</summary>
    public void Report()
    {
        foreach (var queue in Read())
        {
            if (_reported.TryAdd(queue.Name, true))
                Log.Unserved(log, new LogText(queue.Name), queue.Waiting);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1606, Level = LogLevel.Warning,
            Message = "No server listens to the queue '{Queue}', in which {Waiting} job(s) wait. Fix: start a server for it with "
                + "AddHangfire(…) and AddHangfireServer(options => options.Queues = […]), or enqueue plain Hangfire jobs to a queue "
                + "that has one")]
        public static partial void Unserved(ILogger logger, LogText queue, long waiting);
    }
}
