using System.Globalization;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;

/// <summary>Servers that do not fit together, and queues without any.</summary>
internal static class ServerChecks
{
    private const string QueueKey = $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.AppQueue)}";

    public static void Find(Findings findings, IReadOnlyList<ServerSummary> servers, IReadOnlyList<QueueSummary> queues)
    {
        foreach (var server in servers.Where(static server => server.State == ServerState.Silent))
        {
            findings.Add(new JobFinding
            {
                Kind = JobFindingKind.SilentServer,
                Severity = JobFindingSeverity.Warning,
                Target = $"server {server.Id}",
                Value = $"{server.LastSeenAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
                Message = "This server sends no heartbeat: its process is suspended, overloaded or disconnected.",
                Fix = "look at its process, and restart it",
            });
        }
        var running = servers.Where(static server => server.State == ServerState.Running).ToList();
        FindDifferingQueues(findings, running);
        FindDifferingWorkers(findings, running);
        foreach (var queue in queues.Where(static queue => queue.Crashes?.Count > 1))
        {
            findings.Add(new JobFinding
            {
                Kind = JobFindingKind.CrashingServers,
                Severity = JobFindingSeverity.Warning,
                Target = $"queue {queue.Name}",
                Value = queue.Crashes!.Count.ToString(CultureInfo.InvariantCulture),
                Message = $"{queue.Crashes.Count} servers of this queue have died shortly after each other.",
                Fix = "look at the log of the app and at the memory of its processes",
            });
        }
    }

    /// <param name="pending">How many jobs that are still to be executed are on each queue, and how many of them are due.</param>
    public static void FindPaused(
        Findings findings, IEnumerable<JobPause> pauses, IReadOnlyDictionary<string, (long Waiting, long Later)> pending)
    {
        foreach (var pause in pauses)
        {
            var (waiting, later) = pending.GetValueOrDefault(pause.Name);
            findings.Add(Of(
                JobFindingKind.QueuePaused, JobFindingSeverity.Notice, pause.Name, waiting + later,
                $"This queue is paused {PauseText.Of(pause)}. Jobs that wait: {waiting}, that come later: {later}.",
                "resume the queue when its jobs may be executed") with
            {
                Key = null,
            });
        }
    }

    public static void FindClosedLimits(Findings findings, IEnumerable<LimitSummary> limits)
    {
        foreach (var limit in limits.Where(static limit => limit is { MaxRunning: 0, Waiting: > 0 }))
        {
            var reason = limit.Reason is null ? "" : $" ({limit.Reason})";
            findings.Add(Of(
                JobFindingKind.LimitClosed, JobFindingSeverity.Notice, limit.Queue, limit.Waiting,
                $"The limit '{limit.Name}' of this queue lets no job begin, as {limit.ChangedBy ?? "its app"} has set it to 0{reason}. "
                    + $"Jobs that wait for it: {limit.Waiting}.",
                "reset the limit when its jobs may be executed") with
            {
                Value = limit.Name,
                Key = null,
            });
        }
    }

    /// <param name="pending">How many jobs that are still to be executed are on each queue, and how many of them are due.</param>
    /// <param name="paused">Queues that may have no server.</param>
    public static void FindUnserved(
        Findings findings, IReadOnlyDictionary<string, (long Waiting, long Later)> pending, IReadOnlyList<ServerSummary> servers,
        IEnumerable<string> paused)
    {
        var served = servers.Where(static server => server.State == ServerState.Running)
            .SelectMany(static server => server.Queues)
            .Concat(paused)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (queue, (waiting, later)) in pending.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (Names.FaultOfQueue(queue) is { } fault)
            {
                findings.Add(Of(
                    JobFindingKind.InvalidQueue, JobFindingSeverity.Error, queue, waiting + later,
                    $"The name of this queue {fault}, so no app can have it; its jobs are never executed.",
                    "delete these jobs, and enqueue them again in their app"));
            }
            else if (!served.Contains(queue))
            {
                findings.Add(Of(
                    JobFindingKind.QueueWithoutServer, waiting > 0 ? JobFindingSeverity.Error : JobFindingSeverity.Warning, queue,
                    waiting + later,
                    $"No running server listens to this queue. Jobs that wait: {waiting}, that come later: {later}.",
                    $"start the app with AppQueue '{queue}' and RunServer true, or delete the jobs"));
            }
        }
    }

    public static void FindSharedDefault(Findings findings, IReadOnlyCollection<string> queues)
    {
        if (queues.Count < 2 || !queues.Contains(AppIdentity.DefaultQueue))
            return;
        findings.Add(Of(
            JobFindingKind.SharedDefaultQueue, JobFindingSeverity.Warning, AppIdentity.DefaultQueue, 0,
            "Several apps share the schema, and one is on this queue: it executes every job that has lost its queue.",
            "give each app its queue"));
    }

    private static void FindDifferingQueues(Findings findings, List<ServerSummary> running)
    {
        var sets = running.Select(static server => (Server: server, Queues: server.Queues.ToHashSet(StringComparer.Ordinal))).ToList();
        foreach (var (server, queues) in sets)
        {
            var other = sets.Find(other => other.Queues.IsProperSubsetOf(queues) && other.Queues.Count > 0);
            if (other.Server is null)
                continue;
            findings.Add(new JobFinding
            {
                Kind = JobFindingKind.ServersOfDifferingQueues,
                Severity = JobFindingSeverity.Error,
                Target = $"server {server.Id}",
                Value = string.Join(", ", server.Queues),
                Message = $"This server also takes jobs of {string.Join(", ", other.Server.Queues)}, the queue of {other.Server.Id}: "
                    + "jobs of one app are executed in the other.",
                Fix = "give both the same AppQueue when they are one app, or each its queue",
                Key = QueueKey,
            });
        }
    }

    private static void FindDifferingWorkers(Findings findings, List<ServerSummary> running)
    {
        foreach (var app in running.GroupBy(static server => string.Join(", ", server.Queues.Order(StringComparer.Ordinal))))
        {
            int[] workers = [.. app.Select(static server => server.Workers).Distinct().Order()];
            if (workers.Length < 2)
                continue;
            findings.Add(new JobFinding
            {
                Kind = JobFindingKind.ServersOfDifferingWorkers,
                Severity = JobFindingSeverity.Warning,
                Target = $"queue {app.Key}",
                Value = string.Join(", ", workers),
                Message = "The servers of this app have different numbers of workers, so their settings differ.",
                Fix = "give all processes of the app the same settings, unless it was meant",
                Key = $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.WorkerCount)}",
            });
        }
    }

    private static JobFinding Of(
        JobFindingKind kind, JobFindingSeverity severity, string queue, long jobs, string message, string fix) => new()
        {
            Kind = kind,
            Severity = severity,
            Target = $"queue {queue}",
            Value = queue,
            Message = message,
            Fix = fix,
            Key = QueueKey,
            Jobs = jobs,
        };
}
