using System.Globalization;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.HangfireJobs.Monitoring.Health;

/// <summary>
/// Whether the app's jobs are done in time: the storage answers, a server lives, nothing waits for too long, few
/// jobs fail, and recurring jobs are on time.
/// </summary>
internal sealed class HangfireJobsHealthCheck(
    Lazy<HealthReads> reads, HangfireJobsOptions options, AppIdentity app, JobRouting routing, UnknownJobs unknown,
    StuckJobs stuck, TimeProvider time) : IHealthCheck
{
    private const int MinutesOfAnHour = 60;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        List<string> degraded = [], unhealthy = [], remarks = [];
        Dictionary<string, object> data = [];
        try
        {
            var now = time.GetUtcNow();
            // Opening the storage may block.
            var (monitor, unserved) = await Task.Run(
                () => (reads.Value.Monitor, reads.Value.Unserved), cancellationToken).ConfigureAwait(false);
            CheckServers(
                await OfOwnQueuesAsync(queue => monitor.GetServersAsync(queue, cancellationToken)).ConfigureAwait(false), now, unhealthy,
                data);
            var queues = await OfOwnQueuesAsync(queue => monitor.GetQueuesAsync(queue, cancellationToken)).ConfigureAwait(false);
            // Few queues have jobs that wait for long and may wait for room.
            var limits = queues.Exists(queue => IsLate(queue, now) && queue.OldestAt != queue.OldestUnlimitedAt)
                ? await OfOwnQueuesAsync(queue => monitor.GetLimitsAsync(queue, cancellationToken)).ConfigureAwait(false)
                : [];
            CheckQueues(queues, limits, now, degraded, unhealthy, remarks, data);
            CheckUnserved(await Task.Run(unserved.Read, cancellationToken).ConfigureAwait(false), now, degraded, data);
            CheckFailures(
                await OfOwnQueuesAsync(
                    queue => monitor.GetHistoryAsync(HistoryStep.Minute, MinutesOfAnHour, queue, cancellationToken)).ConfigureAwait(false),
                degraded, unhealthy, data);
            CheckRecurring(await monitor.GetRecurringJobsAsync(cancellationToken).ConfigureAwait(false), now, degraded, data);
            CheckUnknown(degraded, data);
            CheckStuck(now, degraded, data);
        }
        catch (Exception exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The job storage does not answer.", exception, data);
        }
        var worst = unhealthy.Count > 0 ? context.Registration.FailureStatus
            : degraded.Count > 0 ? HealthStatus.Degraded
            : HealthStatus.Healthy;
        return new HealthCheckResult(
            worst,
            string.Join(" ", (worst == HealthStatus.Healthy ? ["The jobs are done in time."] : unhealthy.Concat(degraded)).Concat(remarks)),
            data: data);
    }

    private async Task<List<T>> OfOwnQueuesAsync<T>(Func<string, Task<IReadOnlyList<T>>> read)
    {
        List<T> all = [];
        foreach (var queue in routing.OwnQueues)
            all.AddRange(await read(queue).ConfigureAwait(false));
        return all;
    }

    private void CheckServers(List<ServerSummary> found, DateTimeOffset now, List<string> unhealthy, Dictionary<string, object> data)
    {
        var servers = found.DistinctBy(static server => server.Id)
            .Count(server => server.EndedAt is null && now - server.HeartbeatAt <= options.Health.UnhealthySilence);
        data["servers"] = servers;
        if (servers == 0 && options.RunServer)
        {
            unhealthy.Add(
                $"No server of queue '{app.Queue}' has shown a sign of life within {options.Health.UnhealthySilence:c}"
                    + $"{Text(found.MaxBy(static server => server.LastSeenAt), now)}.");
        }
    }

    // What waits in a paused queue, or for room, is not late: it waits because it was asked to.
    private void CheckQueues(
        List<QueueSummary> queues, List<LimitSummary> limits, DateTimeOffset now, List<string> degraded, List<string> unhealthy,
        List<string> remarks, Dictionary<string, object> data)
    {
        foreach (var queue in queues.Where(static queue => queue.Pause is not null))
            remarks.Add($"The queue '{queue.Name}' is paused {new LogText(PauseText.Of(queue.Pause!))}.");
        data["pausedQueues"] = remarks.Count;
        var full = limits.Where(static limit => limit.Waiting > 0 && (limit.Running > 0 || limit.MaxRunning == 0 || limit.Rate is not null))
            .ToLookup(static limit => limit.Queue, StringComparer.Ordinal);
        foreach (var limit in full.SelectMany(static limits => limits))
        {
            var most = limit.MaxRunning < JobLimits.MaxRunning
                ? string.Create(CultureInfo.InvariantCulture, $" of {limit.MaxRunning}")
                : "";
            var rate = limit.Rate is { } starts ? $", at a rate of {starts}" : "";
            remarks.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{limit.Waiting} jobs of the limit '{new LogText(limit.Name)}' wait for room; {limit.Running}{most} run{rate}."));
        }
        var wait = queues.Max(queue => WaitOf(queue, full.Contains(queue.Name), now));
        data["waiting"] = queues.Sum(static queue => queue.Waiting);
        data["oldestWaitSeconds"] = Math.Round(wait.TotalSeconds, 1);
        if (wait > options.Health.DegradedWait)
        {
            (wait > options.Health.UnhealthyWait ? unhealthy : degraded)
                .Add(string.Create(CultureInfo.InvariantCulture, $"The first job in the queue has waited for {wait:c}."));
        }
    }

    private bool IsLate(QueueSummary queue, DateTimeOffset now) =>
        WaitOf(queue, mayWaitForRoom: false, now) > options.Health.DegradedWait;

    private static TimeSpan WaitOf(QueueSummary queue, bool mayWaitForRoom, DateTimeOffset now) =>
        queue.Pause is null && (mayWaitForRoom ? queue.OldestUnlimitedAt : queue.OldestAt) is { } at && at < now
            ? now - at
            : TimeSpan.Zero;

    private void CheckUnserved(
        IReadOnlyList<QueueSummary> queues, DateTimeOffset now, List<string> degraded, Dictionary<string, object> data)
    {
        // Not before a server that is just being restarted has had its time.
        var unserved = queues.Where(queue => queue.OldestAt is { } at && now - at > options.Health.DegradedWait)
            .ToList();
        data["unservedQueues"] = unserved.Count;
        if (unserved.Count > 0)
        {
            degraded.Add(
                "No server listens to queues in which jobs wait: "
                    + $"{string.Join(", ", unserved.Take(10).Select(queue => queue.Name + Text(queue.LastServer, now)))}.");
        }
    }

    private static string Text(ServerSummary? last, DateTimeOffset now) => last is null
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $" (the last one {TextOf(last.State)} {SecondsSince(last.LastSeenAt, now):c} ago)");

    private static TimeSpan SecondsSince(DateTimeOffset at, DateTimeOffset now) =>
        TimeSpan.FromSeconds(Math.Max(0, Math.Round((now - at).TotalSeconds)));

    private static string TextOf(ServerState state) => state switch
    {
        ServerState.Stopped => "was stopped",
        ServerState.Died => "died",
        _ => "was last seen",
    };

    private void CheckFailures(List<HistoryPoint> points, List<string> degraded, List<string> unhealthy, Dictionary<string, object> data)
    {
        var failures = points.Sum(static point => point.Failed);
        data["failedLastHour"] = failures;
        if (failures > options.Health.DegradedFailures)
        {
            (failures > options.Health.UnhealthyFailures ? unhealthy : degraded)
                .Add(string.Create(CultureInfo.InvariantCulture, $"{failures} jobs have failed within an hour."));
        }
    }

    private void CheckUnknown(List<string> degraded, Dictionary<string, object> data)
    {
        var names = unknown.Recent();
        data["unknownJobs"] = names.Count;
        if (names.Count > 0)
        {
            degraded.Add(
                $"This build cannot execute jobs of {string.Join(", ", names.Take(10).Select(static name => $"'{new LogText(name)}'"))}; "
                    + "they wait for a build that can.");
        }
    }

    private void CheckStuck(DateTimeOffset now, List<string> degraded, Dictionary<string, object> data)
    {
        var jobs = stuck.Current();
        data["stuckJobs"] = jobs.Count;
        if (jobs is [var first, ..])
        {
            degraded.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{jobs.Count} job(s) of this process continue after their tokens were cancelled, the first {new LogText(first.Name)} "
                    + $"'{first.Id}' {SecondsSince(first.Since, now):c} ago."));
        }
    }

    private void CheckRecurring(
        IReadOnlyList<RecurringJobDetails> jobs, DateTimeOffset now, List<string> degraded, Dictionary<string, object> data)
    {
        var own = jobs
            .Where(job => app.HasOwnPrefix(job.Id) && routing.Owns(job.Queue) && job is { Paused: false, Removed: false, QueuePause: null })
            .ToList();
        var latest = now - options.Health.DegradedLateness;
        var late = own.Where(job => DueAt(job) < latest).OrderBy(DueAt).ToList();
        var broken = own.Except(late).Where(static job => job.Error is not null).Select(static job => job.Id).ToList();
        data["recurringInTrouble"] = late.Count + broken.Count;
        data["recurringLate"] = late.Count;
        if (late is [var worst, ..])
        {
            degraded.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{late.Count} recurring job(s) late, worst {worst.Id} since {DueAt(worst):yyyy-MM-dd HH:mm} UTC."));
        }
        if (broken.Count > 0)
            degraded.Add($"Recurring jobs could not be started: {string.Join(", ", broken.Take(10))}.");
    }

    private static DateTimeOffset? DueAt(RecurringJobDetails job) => job.LateSince ?? job.NextExecution;
}

/// <summary>What the check reads; created when it is first asked for, as all of it needs an open storage.</summary>
internal sealed record HealthReads(IJobMonitor Monitor, UnservedQueues Unserved);
