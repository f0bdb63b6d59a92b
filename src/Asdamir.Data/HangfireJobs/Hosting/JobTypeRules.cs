using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>The rules for queues and schedules that job types declare with attributes, in an app with the given options.</summary>
internal static class JobTypeRules
{
    public static IEnumerable<string> FaultsOf(JobCatalog catalog, HangfireJobsOptions options, DateTimeOffset now)
    {
        var app = new AppIdentity(options.AppQueue, options.RecurringJobIdPrefix);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fault in JobLimitsOfType.FaultsAcross(catalog.Jobs.Select(job => (job, job.Queue ?? app.Queue))))
            yield return fault;
        foreach (var job in catalog.Jobs)
        {
            if (FaultOfQueue(job, app) is { } queueFault)
                yield return queueFault;
            foreach (var schedule in job.Schedules)
            {
                var id = schedule.Id ?? job.Name;
                var subject = $"[RecurringJob] on {job.Type.FullName}:";
                if (Names.FaultOfRecurringId(id, app) is { } idFault)
                    yield return $"{subject} the id '{id}' {idFault}. Fix: set another Id.";
                if (!ids.Add(id))
                    yield return $"{subject} the id '{id}' is declared twice. Fix: give each schedule a unique Id.";
                if (CronSchedule.TryCreate(schedule.Cron, schedule.TimeZone, now, out var cronFault) is null)
                    yield return $"{subject} {cronFault}.";
            }
        }
    }

    private static string? FaultOfQueue(JobDescriptor job, AppIdentity app)
    {
        if (job.Queue is null)
            return null;
        if (app.IsIsolated && job.Queue != app.Queue)
        {
            return $"{job.Type.FullName} has [Queue(\"{job.Queue}\")], but "
                + $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.AppQueue)} is '{app.Queue}' and the app's server "
                + "listens on that queue only. Fix: remove the attribute.";
        }
        return Names.FaultOfQueue(job.Queue) is { } fault
            ? $"[Queue(\"{job.Queue}\")] on {job.Type.FullName}: the queue {fault}. Fix: correct the attribute."
            : null;
    }
}
