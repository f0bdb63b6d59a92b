using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Lists the app's recurring jobs; without an AppQueue, all of the schema.</summary>
internal sealed class RecurringJobsReader(
    JobStorage storage, RecurringJobs recurring, PausesReader pauses, JobCatalog catalog, AppIdentity app, JobRouting routing,
    SecretMask mask, TimeProvider time)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public IReadOnlyList<RecurringJobDetails> ReadAll()
    {
        var paused = pauses.OfQueues();
        return [.. recurring.ListAll()
            .Where(item => !app.IsIsolated || (app.HasOwnPrefix(item.StoredId) && (item.Entry is null || routing.Owns(item.Entry.Queue))))
            .Select(item => item.Entry is { } entry
                ? Details(entry, item.LastJob, paused.GetValueOrDefault(entry.Queue))
                : Removed(item.StoredId))];
    }

    /// <param name="queue">Only recurring jobs whose jobs are on this queue; <see langword="null"/> for all.</param>
    /// <returns>The app whose worst one is late for longest first.</returns>
    public IReadOnlyList<LateRecurringJobs> ReadLate(string? queue)
    {
        var paused = pauses.OfQueues();
        var late = recurring.ListAll()
            .Where(item => item.Entry is { } entry && (!app.IsIsolated || (app.HasOwnPrefix(item.StoredId) && routing.Owns(entry.Queue))))
            .Where(item => queue is null || item.Entry!.Queue == queue)
            .Select(item => (
                Entry: item.Entry!,
                Since: LateSince(item.Entry!, item.LastJob?.Name, paused.GetValueOrDefault(item.Entry!.Queue))))
            .Where(static item => item.Since is not null);
        return [.. late.GroupBy(static item => item.Entry.Queue, StringComparer.Ordinal)
            .Select(static group =>
            {
                var worst = group.MinBy(static item => item.Since);
                return new LateRecurringJobs
                {
                    App = group.Key, Count = group.Count(), WorstId = worst.Entry.StoredId, Since = worst.Since!.Value,
                };
            })
            .OrderBy(static app => app.Since).ThenBy(static app => app.App, StringComparer.Ordinal)];
    }

    /// <returns><see langword="null"/> when the app has no such recurring job.</returns>
    public RecurringJobDetails? Read(string storedId)
    {
        if (recurring.Read(storedId) is not { } entry
            || (app.IsIsolated && !(app.HasOwnPrefix(entry.StoredId) && routing.Owns(entry.Queue))))
        {
            return null;
        }
        using var connection = storage.GetConnection();
        return Details(entry, entry.LastJobId is { } jobId ? connection.GetStateData(jobId) : null, pauses.Of(entry.Queue));
    }

    private RecurringJobDetails Details(RecurringJobRecord entry, StateData? last, JobPause? queuePause)
    {
        var (name, method, type) = JobOf(entry);
        return new RecurringJobDetails
        {
            Id = entry.StoredId,
            Name = name,
            Cron = entry.Cron,
            TimeZoneId = entry.TimeZoneId,
            Queue = entry.Queue,
            NextExecution = entry.NextExecution,
            LastExecution = entry.LastExecution,
            LastJobId = entry.LastJobId,
            LastJobState = last?.Name,
            LastJobResult = last?.Name == "Succeeded" ? mask.Of(JobLookup.ResultOf(JobLookup.Field(last, "Result"))) : null,
            LateSince = LateSince(entry, last?.Name, queuePause),
            Paused = entry.IsPaused,
            PausedAt = entry.PausedAt,
            PauseReason = mask.Of(entry.PauseReason),
            QueuePause = queuePause,
            Error = mask.Of(entry.Error),
            Misfire = entry.Misfire,
            Priority = entry.Given.Priority,
            FairnessKey = mask.Of(entry.Given.FairnessKey),
            UniqueKey = mask.Of(entry.Given.UniqueKey),
            Declared = entry.DeclaredBy is not null,
            Arguments = mask.Of(StoredArguments.Of(entry.Stored, null)),
            Class = type,
            Method = method,
        };
    }

    // Nothing on a paused queue is late: it waits because it was asked to.
    private DateTimeOffset? LateSince(RecurringJobRecord entry, string? lastState, JobPause? queuePause)
    {
        if (entry.IsPaused || queuePause is not null)
            return null;
        var due = lastState == EnqueuedState.StateName ? entry.LastExecution
            : entry.Error is not null ? Missed(entry)
            : entry.NextExecution;
        return due is { } at && time.GetUtcNow() - at > Tolerance ? at : null;
    }

    // After an error Hangfire's next execution is that of its next try, and after several there is none.
    private DateTime? Missed(RecurringJobRecord entry) =>
        (entry.LastExecution ?? entry.CreatedAt) is { } last
        && CronSchedule.TryCreate(entry.Cron, entry.TimeZoneId, time.GetUtcNow(), out _) is { } schedule
            ? schedule.NextAfter(last)
            : entry.NextExecution;

    private (string Name, string? Method, string? Class) JobOf(RecurringJobRecord entry)
    {
        if (entry.Stored is not { } stored)
            return (entry.StoredId, null, null);
        return StoredEnvelope.TryRead(stored, out var name, out _)
            ? (StoredMethod.Cut(name, StoredMethod.LongestName), nameof(IJob.ExecuteAsync),
                catalog.TryGet(name, out var known) ? known.Type.FullName : null)
            : (StoredMethod.NameOf(stored), StoredMethod.MethodOf(stored), StoredMethod.TypeOf(stored));
    }

    private static RecurringJobDetails Removed(string storedId) => new()
    {
        Id = storedId,
        Name = storedId,
        Cron = "",
        TimeZoneId = "UTC",
        Queue = AppIdentity.DefaultQueue,
        Removed = true,
    };
}
