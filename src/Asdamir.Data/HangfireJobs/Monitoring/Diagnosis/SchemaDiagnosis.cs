using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;

/// <summary>All checks of a schema. The place where a new one is added.</summary>
internal sealed class SchemaDiagnosis(
    JobStorage storage, RecurringJobs recurring, RecurringJobsReader recurringReader, PausesReader pauses, LimitsReader limits,
    QueuesReader queues, ServersReader servers, SecretMask mask, TimeProvider time)
{
    /// <param name="app">Only what concerns this app; <see langword="null"/> for the whole schema.</param>
    public JobDiagnosis Run(JobDiagnosisOptions options, string? app, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var database = new DatabaseChecks(storage, time);
        DatabaseChecks.FindMissingZones(findings);
        if (database.FindFaultOfSchema() is { } fault)
        {
            findings.Add(fault);
            return new JobDiagnosis { Findings = findings.Sorted };
        }
        var skew = database.FindSkew(findings, options.LargestSkew);
        var commit = options.MeasureCommits ? database.FindSlowCommits(findings, options.SlowCommit) : null;

        var listed = servers.Read(app);
        var depths = queues.Read(app);
        ServerChecks.Find(findings, listed, depths);
        var jobs = storage is IJobSearch search ? new JobChecks(storage, search, time, cancellationToken) : null;
        jobs?.Find(findings, app);
        var pending = jobs?.Pending ?? depths.Where(static queue => queue.Waiting > 0)
            .ToDictionary(static queue => queue.Name, static queue => (queue.Waiting, 0L));
        var paused = pauses.OfQueues().Where(pause => app is null || pause.Key == app).ToDictionary(StringComparer.Ordinal);
        ServerChecks.FindPaused(findings, paused.Values, pending);
        ServerChecks.FindClosedLimits(findings, limits.Read(app));
        ServerChecks.FindUnserved(findings, pending, listed, paused.Keys);
        string[] all =
        [
            .. pending.Keys.Concat(listed.SelectMany(static server => server.Queues)).Concat(depths.Select(static queue => queue.Name))
                .Distinct(StringComparer.Ordinal),
        ];
        ServerChecks.FindSharedDefault(findings, all);
        new RecurringChecks(recurring, recurringReader, mask, time).Find(
            findings, queue => app is null || queue == app, isOfOneApp: all.Length < 2);
        return new JobDiagnosis
        {
            Findings = findings.Sorted,
            CommitTime = commit,
            ClockSkew = skew,
            IsComplete = jobs?.IsComplete == true,
        };
    }
}
