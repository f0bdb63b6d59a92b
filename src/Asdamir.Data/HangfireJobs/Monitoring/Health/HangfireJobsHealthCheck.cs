using System.Globalization;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.HangfireJobs.Monitoring.Health;

/// <summary>
/// Whether the app's jobs are done in time: the storage answers, a server lives, nothing waits for too long, few
/// runs fail, and recurring jobs are on time.
/// </summary>
internal sealed class HangfireJobsHealthCheck(
    Lazy<HealthReads> reads, HangfireJobsOptions options, AppIdentity app, JobRouting routing, UnknownJobs unknown, TimeProvider time) : IHealthCheck
{
    private const int MinutesOfAnHour = 60;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        // Reads of a storage block.
        Task.Run(() => Check(context), cancellationToken);

    private HealthCheckResult Check(HealthCheckContext context)
    {
        List<string> degraded = [], unhealthy = [];
        Dictionary<string, object> data = [];
        try
        {
            var now = time.GetUtcNow().UtcDateTime;
            CheckServers(now, unhealthy, data);
            CheckQueues(now, degraded, unhealthy, data);
            CheckUnserved(now, degraded, data);
            CheckFailures(degraded, unhealthy, data);
            CheckRecurring(now, degraded, data);
            CheckUnknown(degraded, data);
        }
        catch (Exception exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The job storage does not answer.", exception, data);
        }
        var worst = unhealthy.Count > 0 ? context.Registration.FailureStatus : degraded.Count > 0 ? HealthStatus.Degraded : HealthStatus.Healthy;
        return new HealthCheckResult(worst, worst == HealthStatus.Healthy ? "The jobs are done in time." : string.Join(" ", unhealthy.Concat(degraded)), data: data);
    }

    private void CheckServers(DateTime now, List<string> unhealthy, Dictionary<string, object> data)
    {
        var servers = routing.OwnQueues.SelectMany(queue => reads.Value.Servers.Read(queue)).DistinctBy(static server => server.Id)
            .Count(server => now - server.HeartbeatAt <= options.Health.UnhealthySilence);
        data["servers"] = servers;
        if (servers == 0 && options.RunServer)
            unhealthy.Add($"No server of queue '{app.Queue}' has shown a sign of life within {options.Health.UnhealthySilence:c}.");
    }

    private void CheckQueues(DateTime now, List<string> degraded, List<string> unhealthy, Dictionary<string, object> data)
    {
        var queues = routing.OwnQueues.SelectMany(queue => reads.Value.Queues.Read(queue)).ToList();
        var wait = queues.Max(queue => queue.OldestAt is { } at && at < now ? now - at : TimeSpan.Zero);
        data["waiting"] = queues.Sum(static queue => queue.Waiting);
        data["oldestWaitSeconds"] = Math.Round(wait.TotalSeconds, 1);
        if (wait > options.Health.DegradedWait)
            (wait > options.Health.UnhealthyWait ? unhealthy : degraded).Add(string.Create(CultureInfo.InvariantCulture, $"The first job in the queue has waited for {wait:c}."));
    }

    private void CheckUnserved(DateTime now, List<string> degraded, Dictionary<string, object> data)
    {
        // Not before a server that is just being restarted has had its time.
        var unserved = reads.Value.Unserved.Read().Where(queue => queue.OldestAt is { } at && now - at > options.Health.DegradedWait).Select(static queue => queue.Name).ToList();
        data["unservedQueues"] = unserved.Count;
        if (unserved.Count > 0)
            degraded.Add($"No server listens to queues in which jobs wait: {string.Join(", ", unserved.Take(10))}.");
    }

    private void CheckFailures(List<string> degraded, List<string> unhealthy, Dictionary<string, object> data)
    {
        var failures = routing.OwnQueues.Sum(queue => reads.Value.History.Minutes(queue, MinutesOfAnHour).Sum(static point => point.Failed));
        data["failedLastHour"] = failures;
        if (failures > options.Health.DegradedFailures)
            (failures > options.Health.UnhealthyFailures ? unhealthy : degraded).Add(string.Create(CultureInfo.InvariantCulture, $"{failures} jobs have failed within an hour."));
    }

    private void CheckUnknown(List<string> degraded, Dictionary<string, object> data)
    {
        var names = unknown.Recent();
        data["unknownJobs"] = names.Count;
        if (names.Count > 0)
            degraded.Add($"This build cannot execute jobs of {string.Join(", ", names.Take(10).Select(static name => $"'{new LogText(name)}'"))}; they wait for a build that can.");
    }

    private void CheckRecurring(DateTime now, List<string> degraded, Dictionary<string, object> data)
    {
        var own = reads.Value.Recurring.List().Where(entry => app.HasOwnPrefix(entry.StoredId) && routing.Owns(entry.Queue) && !entry.IsPaused).ToList();
        var troubled = own.Where(entry => entry.Error is not null || entry.NextExecution < now - options.Health.DegradedLateness).Select(static entry => entry.StoredId).ToList();
        data["recurringInTrouble"] = troubled.Count;
        if (troubled.Count > 0)
            degraded.Add($"Recurring jobs are late or could not be started: {string.Join(", ", troubled.Take(10))}.");
    }
}

/// <summary>What the check reads; created when it is first asked for, as all of it needs an open storage.</summary>
internal sealed record HealthReads(ServersReader Servers, QueuesReader Queues, HistoryReader History, RecurringJobs Recurring, UnservedQueues Unserved);
