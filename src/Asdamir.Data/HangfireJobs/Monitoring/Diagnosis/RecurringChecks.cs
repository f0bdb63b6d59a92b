using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;

/// <summary>Recurring jobs that do not fire, or that another app could take or disable.</summary>
internal sealed class RecurringChecks(RecurringJobs recurring, RecurringJobsReader reader, SecretMask mask, TimeProvider time)
{
    private const char PrefixEnd = ':';

    /// <param name="isOfOneApp">Whether only one app is on the schema, as far as jobs and servers say.</param>
    public void Find(Findings findings, Func<string, bool> isMine, bool isOfOneApp)
    {
        var entries = recurring.ListAll().Where(item => item.Entry is null || isMine(item.Entry.Queue)).ToList();
        var shown = reader.ReadAll().ToDictionary(static job => job.Id, StringComparer.Ordinal);
        foreach (var (id, entry, _) in entries)
        {
            if (!shown.TryGetValue(id, out var job))
                continue;
            if (entry is null)
            {
                findings.Add(Of(
                    JobFindingKind.RecurringJobRemoved, id, "Only the id of this recurring job is left in the storage; it never fires.",
                    "remove it, or start the app that declares it"));
            }
            else
                FindInEntry(findings, entry, job);
        }
        // The queue of one that cannot be read is not known.
        List<RecurringJobRecord> read =
            [.. entries.Select(static item => item.Entry).OfType<RecurringJobRecord>().Where(static entry => entry.Stored is not null)];
        if (!isOfOneApp || read.DistinctBy(static entry => entry.Queue).Count() > 1)
            FindInIds(findings, read);
    }

    private void FindInEntry(Findings findings, RecurringJobRecord entry, RecurringJobDetails job)
    {
        var id = entry.StoredId;
        if (entry.Stored is not { } stored)
        {
            findings.Add(Of(
                JobFindingKind.RecurringJobUnreadable, id, "The job of this recurring job cannot be read; no server fires it.",
                "start its app, which writes it anew, or remove it"));
        }
        else if (!StoredEnvelope.TryRead(stored, out _, out _))
        {
            findings.Add(Of(
                JobFindingKind.RecurringJobPlain, id,
                $"This is a recurring job of plain Hangfire ({StoredMethod.NameOf(stored)}): servers of this package neither fire nor "
                    + "disable it.",
                "leave it to a server of plain Hangfire, write it as a job of this package, or remove it", JobFindingSeverity.Warning));
        }
        if (CronSchedule.TryCreate(entry.Cron, entry.TimeZoneId, time.GetUtcNow(), out var fault) is null)
        {
            findings.Add(Of(
                JobFindingKind.RecurringJobSchedule, id,
                $"Its schedule cannot be used on this machine: {fault}. A server that cannot use it disables it for all apps.",
                "correct the schedule in the app, or install the time zone where servers of the schema run") with
            {
                Value = $"{entry.Cron} ({entry.TimeZoneId})",
            });
        }
        if (entry.Error is not null)
        {
            findings.Add(Of(
                JobFindingKind.RecurringJobInError, id, $"A server could not create its job: {mask.Of(entry.Error)}",
                "correct the reason, then restart its app, which enables it again"));
        }
        else if (!entry.IsPaused && entry.NextExecution is null)
        {
            findings.Add(Of(
                JobFindingKind.RecurringJobDisabled, id, "It has no next execution although it is not paused; it never fires.",
                "restart its app, which enables it again, or remove it"));
        }
        if (job.LateSince is { } late)
        {
            findings.Add(Of(
                JobFindingKind.RecurringJobLate, id, "An occurrence is due and has not begun.",
                $"start a server of the app '{entry.Queue}', or look at what its workers do") with
            {
                Value = $"{late.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
            });
        }
    }

    private static void FindInIds(Findings findings, List<RecurringJobRecord> entries)
    {
        foreach (var entry in entries.Where(static entry =>
            entry.Queue != AppIdentity.DefaultQueue && !entry.StoredId.Contains(PrefixEnd, StringComparison.Ordinal)))
        {
            findings.Add(Of(
                JobFindingKind.RecurringIdWithoutPrefix, entry.StoredId,
                $"Its id has no prefix, and several apps share the schema: no other app can use this id beside '{entry.Queue}'.",
                "give the app a prefix", JobFindingSeverity.Warning) with
            {
                Value = entry.StoredId,
                Key = Prefix,
            });
        }
        var byPrefix = entries.Where(static entry => entry.StoredId.Contains(PrefixEnd, StringComparison.Ordinal))
            .GroupBy(static entry => entry.StoredId[..entry.StoredId.IndexOf(PrefixEnd, StringComparison.Ordinal)], StringComparer.Ordinal);
        foreach (var group in byPrefix)
        {
            string[] apps = [.. group.Select(static entry => entry.Queue).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            if (apps.Length < 2)
                continue;
            findings.Add(new JobFinding
            {
                Kind = JobFindingKind.RecurringIdsShareAPrefix,
                Severity = JobFindingSeverity.Warning,
                Target = $"prefix {group.Key}",
                Value = group.Key,
                Message = $"Recurring jobs of the apps {string.Join(", ", apps)} have this prefix: each app takes the ids of the others "
                    + "for its own.",
                Fix = "give each app another prefix",
                Key = Prefix,
            });
        }
    }

    private const string Prefix = $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.RecurringJobIdPrefix)}";

    private static JobFinding Of(
        JobFindingKind kind, string id, string message, string fix, JobFindingSeverity severity = JobFindingSeverity.Error) =>
        new() { Kind = kind, Severity = severity, Target = $"recurring job {id}", Message = message, Fix = fix };
}
