using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Lists the app's recurring jobs; without an AppQueue, all of the schema.</summary>
internal sealed class RecurringJobsReader(
    JobStorage storage, RecurringJobs recurring, JobCatalog catalog, AppIdentity app, JobRouting routing, SecretMask mask,
    TimeProvider time)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public IReadOnlyList<RecurringJobDetails> ReadAll()
    {
        using var connection = storage.GetConnection();
        return [.. recurring.ListAll()
            .Where(item => !app.IsIsolated || (app.HasOwnPrefix(item.StoredId) && (item.Entry is null || routing.Owns(item.Entry.Queue))))
            .Select(item => item.Entry is { } entry ? Details(connection, entry) : Removed(item.StoredId))];
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
        return Details(connection, entry);
    }

    private RecurringJobDetails Details(IStorageConnection connection, RecurringJobRecord entry)
    {
        var (name, method, type) = JobOf(entry);
        var last = entry.LastJobId is { } jobId ? connection.GetStateData(jobId) : null;
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
            LateSince = LateSince(entry, last?.Name),
            Paused = entry.IsPaused,
            PausedAt = entry.PausedAt,
            PauseReason = mask.Of(entry.PauseReason),
            Error = mask.Of(entry.Error),
            Misfire = entry.Misfire,
            Declared = entry.DeclaredBy is not null,
            Arguments = mask.Of(StoredArguments.Of(entry.Stored, null)),
            Class = type,
            Method = method,
        };
    }

    private DateTimeOffset? LateSince(RecurringJobRecord entry, string? lastState)
    {
        var due = lastState == EnqueuedState.StateName ? entry.LastExecution : entry.NextExecution;
        return !entry.IsPaused && due is { } at && time.GetUtcNow() - at > Tolerance ? at : null;
    }

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
