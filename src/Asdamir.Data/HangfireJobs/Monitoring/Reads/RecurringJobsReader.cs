using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Lists the app's recurring jobs; without an AppQueue, all of the schema.</summary>
internal sealed class RecurringJobsReader(JobStorage storage, RecurringJobs recurring, JobCatalog catalog, AppIdentity app, JobRouting routing, SecretMask mask)
{
    public IReadOnlyList<RecurringJobAnswer> Read()
    {
        using var connection = storage.GetConnection();
        return [.. recurring.ListAll()
            .Where(item => !app.IsIsolated || (app.HasOwnPrefix(item.StoredId) && (item.Entry is null || routing.Owns(item.Entry.Queue))))
            .Select(item => item.Entry is { } entry ? Answer(connection, entry) : Removed(item.StoredId))];
    }

    /// <returns><see langword="null"/> when the app has no such recurring job.</returns>
    public RecurringJobDetails? Read(string storedId) => recurring.Read(storedId) is { } entry && IsShown(entry) ? Details(entry) : null;

    /// <summary>Each with the state of its last job, where that is still there.</summary>
    public IReadOnlyList<(RecurringJobDetails Job, string? LastState)> ReadDetails()
    {
        using var connection = storage.GetConnection();
        return [.. recurring.List().Where(IsShown).Select(entry => (Details(entry), entry.LastJobId is { } jobId ? connection.GetStateData(jobId)?.Name : null))];
    }

    private bool IsShown(RecurringJobRecord entry) => !app.IsIsolated || (app.HasOwnPrefix(entry.StoredId) && routing.Owns(entry.Queue));

    private RecurringJobDetails Details(RecurringJobRecord entry)
    {
        var (name, _, type) = JobOf(entry);
        return new RecurringJobDetails(
            entry.StoredId, name, entry.Cron, entry.TimeZoneId, entry.Queue, entry.NextExecution, entry.LastExecution, entry.LastJobId,
            entry.IsPaused, entry.PausedAt, mask.Of(entry.PauseReason), mask.Of(entry.Error), entry.Misfire, entry.DeclaredBy is not null, mask.Of(JobSummary.ArgumentsOf(entry.Stored, null)), type);
    }

    private RecurringJobAnswer Answer(IStorageConnection connection, RecurringJobRecord entry)
    {
        var (name, method, type) = JobOf(entry);
        var last = entry.LastJobId is { } jobId ? connection.GetStateData(jobId) : null;
        return new RecurringJobAnswer(
            entry.StoredId, name, entry.Cron, entry.Queue, entry.NextExecution, entry.LastExecution,
            entry.LastJobId, last?.Name,
            last?.Name == "Succeeded" ? mask.Of(JobLookup.ResultOf(JobLookup.Field(last, "Result"))) : null,
            Removed: false, entry.TimeZoneId, method, type);
    }

    private (string Name, string? Method, string? Class) JobOf(RecurringJobRecord entry)
    {
        if (entry.Stored is not { } stored)
            return (entry.StoredId, null, null);
        return StoredEnvelope.TryRead(stored, out var name, out _)
            ? (StoredMethod.Cut(name, StoredMethod.LongestName), nameof(IJob.ExecuteAsync), catalog.TryGet(name, out var known) ? known.Type.FullName : null)
            : (StoredMethod.NameOf(stored), StoredMethod.MethodOf(stored), StoredMethod.TypeOf(stored));
    }

    private static RecurringJobAnswer Removed(string storedId) =>
        new(storedId, storedId, "", AppIdentity.DefaultQueue, null, null, null, null, null, Removed: true, null, null, null);
}

/// <summary>Everything known of a recurring job.</summary>
/// <param name="Error">Why a server could not create its job.</param>
/// <param name="Declared">Whether an attribute in the app's code declares it.</param>
internal sealed record RecurringJobDetails(
    string Id, string Name, string Cron, string TimeZoneId, string Queue, DateTime? NextExecution, DateTime? LastExecution, string? LastJobId,
    bool Paused, DateTime? PausedAt, string? PauseReason, string? Error, MisfirePolicy Misfire, bool Declared, string? Arguments, string? Class);
