using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Checks the options and the registered jobs when the app starts and reports all faults in one message; each names
/// the key, the value and the fix.
/// </summary>
internal sealed class OptionsValidator(HangfireJobsBuilder builder, TimeProvider time) : IValidateOptions<HangfireJobsOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public ValidateOptionsResult Validate(string? name, HangfireJobsOptions options)
    {
        List<string> faults = [.. builder.Faults, .. FaultsOf(options)];
        var catalog = JobCatalog.Build(builder.JobTypes, faults);
        faults.AddRange(FaultsOf(catalog, options));
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(Message(faults));
    }

    public static string Message(IReadOnlyCollection<string> faults) =>
        $"The background jobs are misconfigured ({faults.Count} fault{(faults.Count == 1 ? "" : "s")}):{Environment.NewLine}{string.Join(Environment.NewLine, faults.Select(fault => "  - " + fault))}";

    private static IEnumerable<string> FaultsOf(HangfireJobsOptions options)
    {
        if (options.AppQueue.Length > 0 && Names.FaultOfQueue(options.AppQueue) is { } queueFault)
            yield return Fault("AppQueue", options.AppQueue, queueFault, $"use for example '{Suggest(options.AppQueue)}'");
        if (options.RecurringJobIdPrefix.Length > 0 && Names.FaultOfPrefix(options.RecurringJobIdPrefix) is { } prefixFault)
            yield return Fault("RecurringJobIdPrefix", options.RecurringJobIdPrefix, prefixFault, "use the app's code, for example 'crm'");

        if (SecretNames.FaultOf(options.Access.MaskedKeys) is { } maskFault)
            yield return $"{Key("Access:MaskedKeys")} {maskFault}.";

        foreach (var fault in StorageFactory.FaultsOf(options.Storage))
            yield return fault;

        if (options.WorkerCount is < 1 or > 1_000)
            yield return Fault("WorkerCount", options.WorkerCount, "is not a number from 1 to 1000", "set it to the number of jobs this process shall execute at once");
        if (options.MaxArgumentsBytes is < 1 or > 16 * 1024 * 1024)
            yield return Fault("MaxArgumentsBytes", options.MaxArgumentsBytes, "is not a number from 1 to 16777216", "set a size in bytes");
        if (options.MaxDeliveries is < 1 or > 1_000)
            yield return Fault("MaxDeliveries", options.MaxDeliveries, "is not a number from 1 to 1000", "set how many crashes one job may cause");
        if (options.Retry.Attempts is < 0 or > 1_000)
            yield return Fault("Retry:Attempts", options.Retry.Attempts, "is not a number from 0 to 1000", "set the number of retries");
        if (options.Retry.Jitter is not (>= 0 and <= 1))
            yield return Fault("Retry:Jitter", options.Retry.Jitter, "is not a number from 0 to 1", "set the part of a delay that is added at random");
        foreach (var (key, value) in new[] { ("RequestsPerMinute", options.Access.RequestsPerMinute), ("ActionsPerMinute", options.Access.ActionsPerMinute) })
        {
            if (value is < 1 or > 100_000)
                yield return Fault($"Access:{key}", value, "is not a number from 1 to 100000", "set how many one user may send in a minute");
        }
        foreach (var (key, value) in new[] { ("DegradedFailures", options.Health.DegradedFailures), ("UnhealthyFailures", options.Health.UnhealthyFailures) })
        {
            if (value < 0)
                yield return Fault($"Health:{key}", value, "is below zero", "set how many jobs may fail within an hour");
        }
        if (options.Health.UnhealthyFailures < options.Health.DegradedFailures)
            yield return Fault("Health:UnhealthyFailures", options.Health.UnhealthyFailures, $"is less than Health:DegradedFailures ({options.Health.DegradedFailures})", "raise it to at least that number");
        if (options.Health.UnhealthyWait < options.Health.DegradedWait)
            yield return Fault("Health:UnhealthyWait", options.Health.UnhealthyWait, $"is shorter than Health:DegradedWait ({options.Health.DegradedWait:c})", "raise it to at least that wait");
        if (options.Retry.MaxDelay < options.Retry.BaseDelay)
            yield return Fault("Retry:MaxDelay", options.Retry.MaxDelay, $"is shorter than Retry:BaseDelay ({options.Retry.BaseDelay:c})", "raise it to at least the base delay");

        foreach (var (key, value) in new[]
        {
            ("DefaultTimeout", options.DefaultTimeout),
            ("StopTimeout", options.StopTimeout),
            ("ShutdownTimeout", options.ShutdownTimeout),
            ("Retry:BaseDelay", options.Retry.BaseDelay),
            ("Retry:MaxDelay", options.Retry.MaxDelay),
            ("Health:DegradedWait", options.Health.DegradedWait),
            ("Health:UnhealthyWait", options.Health.UnhealthyWait),
            ("Health:DegradedLateness", options.Health.DegradedLateness),
            ("Health:UnhealthySilence", options.Health.UnhealthySilence),
        })
        {
            if (value < TimeSpan.Zero || value > Longest)
                yield return Fault(key, value, "is not a duration from 00:00:00 to 24 days", "correct the duration");
        }
        foreach (var (key, value) in new[]
        {
            ("Retention:Succeeded", options.Retention.Succeeded),
            ("Retention:Deleted", options.Retention.Deleted),
            ("Retention:Failed", options.Retention.Failed),
        })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(3650))
                yield return Fault(key, value, "is not a duration above zero and up to 3650 days", "set how long such jobs are kept");
        }
    }

    private IEnumerable<string> FaultsOf(JobCatalog catalog, HangfireJobsOptions options)
    {
        var app = new AppIdentity(options.AppQueue, options.RecurringJobIdPrefix);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var job in catalog.Jobs)
        {
            if (app.IsIsolated && job.Queue is not null && job.Queue != app.Queue)
                yield return $"{job.Type.FullName} has [Queue(\"{job.Queue}\")], but {Key("AppQueue")} is '{app.Queue}' and the app's server listens on that queue only. Fix: remove the attribute.";
            else if (job.Queue is not null && Names.FaultOfQueue(job.Queue) is { } queueFault)
                yield return $"[Queue(\"{job.Queue}\")] on {job.Type.FullName}: the queue {queueFault}. Fix: correct the attribute.";

            foreach (var schedule in job.Schedules)
            {
                var id = schedule.Id ?? job.Name;
                if (Names.FaultOfRecurringId(id, app) is { } idFault)
                    yield return $"[RecurringJob] on {job.Type.FullName}: the id '{id}' {idFault}. Fix: set another Id.";
                if (!ids.Add(id))
                    yield return $"[RecurringJob] on {job.Type.FullName}: the id '{id}' is declared twice. Fix: give each schedule an Id of its own.";
                if (CronSchedule.TryCreate(schedule.Cron, schedule.TimeZone, time.GetUtcNow(), out var fault) is null)
                    yield return $"[RecurringJob] on {job.Type.FullName}: {fault}.";
            }
        }
    }

    private static string Fault(string key, object value, string fault, string fix) => $"{Key(key)} = '{value}' {fault}. Fix: {fix}.";

    private static string Key(string key) => $"{HangfireJobsOptions.SectionName}:{key}";

    private static string Suggest(string queue)
    {
        var cleaned = string.Concat(queue.ToLowerInvariant().Select(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' ? c : '-')).Trim('-');
        return cleaned.Length == 0 ? "crm" : cleaned[..Math.Min(cleaned.Length, Names.MaxQueueLength)];
    }
}
