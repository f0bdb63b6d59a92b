using System.Globalization;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The recurring jobs of a schema by their stored ids. Adds to Hangfire's manager: pausing, and a mark of the app that
/// declared an entry.
/// </summary>
/// <remarks>
/// A paused job has no next execution and a score below zero, so no server of any version picks it up: the pause
/// is in the data, not in a filter that another process may lack. While paused, the schedule is written here and
/// not by Hangfire's manager, which would compute a next execution and so resume it.
/// </remarks>
internal sealed class RecurringJobs(JobStorage storage, IJobFilterProvider filters, JobLoader loader, TimeProvider time)
{
    private const string Set = "recurring-jobs";
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(15);

    private readonly RecurringJobManager _manager = new(storage, filters);
    private readonly BackgroundJobFactory _factory = new(filters);

    /// <returns>Why this process cannot start it; <see langword="null"/> when it can.</returns>
    public string? FaultOf(RecurringJobRecord entry)
    {
        try
        {
            entry.Load(loader);
            return null;
        }
        catch (JobLoadException exception)
        {
            return (exception.InnerException ?? exception).Message;
        }
    }

    /// <summary>Schedules its stored job again.</summary>
    /// <exception cref="JobLoadException">This process does not load the stored job.</exception>
    public void Renew(RecurringJobRecord entry, CronSchedule schedule) =>
        AddOrUpdate(entry.StoredId, entry.Load(loader), schedule, entry.Misfire, entry.Given);

    /// <param name="given">What its jobs get from it.</param>
    /// <exception cref="NotSupportedException">They get a priority or a fairness key, which the storage does not observe.</exception>
    public void AddOrUpdate(string storedId, Job job, CronSchedule schedule, MisfirePolicy misfire, GivenParameters given)
    {
        if (NameOf(given) is { } place && storage is not (IBatchingJobStorage or JobBatch))
        {
            throw new NotSupportedException(
                $"The jobs of the recurring job '{storedId}' have a {place}, and the job storage ({storage}) does not observe it. "
                + $"Fix: use SQLite or PostgreSQL ({HangfireJobsOptions.SectionName}:Storage:Provider), or leave the {place} out.");
        }
        var existing = Read(storedId);
        // Before a change of the schedule, which may start a job at once; a new entry must be complete before it has further fields.
        if (existing is not null && !existing.Given.IsSameAs(given))
            Write(storedId, given.Fields, score: null);
        AddOrUpdate(storedId, job, schedule, misfire, existing is { IsPaused: true });
        if (existing is null && !given.IsEmpty)
            Write(storedId, given.Fields, score: null);
    }

    private static string? NameOf(GivenParameters given) =>
        given.Priority != JobPriority.Default ? "priority"
        : given.FairnessKey is not null ? "fairness key"
        : null;

    private void AddOrUpdate(string storedId, Job job, CronSchedule schedule, MisfirePolicy misfire, bool isPaused)
    {
        if (isPaused)
            UpdatePaused(storedId, job, schedule, misfire);
        else
        {
            _manager.AddOrUpdate(
                storedId, job, schedule.Cron,
                new RecurringJobOptions { TimeZone = schedule.TimeZone, MisfireHandling = (MisfireHandlingMode)misfire });
            if (time != TimeProvider.System)
                RenewByClock(storedId, schedule);
        }
    }

    /// <summary>Records which app declared the entry, so that the app can remove it when the declaration is gone.</summary>
    public void MarkDeclared(string storedId, string declaredBy) =>
        Write(storedId, new() { [RecurringJobRecord.DeclaredByField] = declaredBy }, score: null);

    /// <returns><see langword="false"/> when there was none.</returns>
    public bool Remove(string storedId)
    {
        if (Read(storedId) is null)
            return false;
        _manager.RemoveIfExists(storedId);
        return true;
    }

    /// <returns>The id of the new job, or <see langword="null"/> when there is no such recurring job.</returns>
    public string? Trigger(string storedId, string reason)
    {
        using var connection = storage.GetConnection();
        using var _ = Lock(connection, storedId);
        if (Read(connection, storedId) is not { } recurring)
            return null;

        var now = time.GetUtcNow().UtcDateTime;
        var context = new CreateContext(storage, connection, recurring.Load(loader), new EnqueuedState { Reason = reason });
        context.Parameters[JobParameters.RecurringJobId] = storedId;
        context.Parameters[JobParameters.Time] = JobHelper.ToTimestamp(now);
        var jobId = _factory.Create(context)?.Id;
        connection.SetRangeInHash(Key(storedId), new Dictionary<string, string>
        {
            ["LastJobId"] = jobId ?? "",
            ["LastExecution"] = JobHelper.SerializeDateTime(now),
        });
        return jobId;
    }

    public bool Pause(string storedId, string? reason)
    {
        using var connection = storage.GetConnection();
        using var _ = Lock(connection, storedId);
        if (Read(connection, storedId) is not { } recurring)
            return false;
        if (!recurring.IsPaused)
        {
            Write(connection, storedId, score: -1, fields: new()
            {
                [RecurringJobRecord.PausedAtField] = JobHelper.SerializeDateTime(time.GetUtcNow().UtcDateTime),
                [RecurringJobRecord.PauseReasonField] = reason ?? "",
                ["NextExecution"] = "",
            });
        }
        return true;
    }

    public bool Resume(string storedId)
    {
        using var connection = storage.GetConnection();
        using var _ = Lock(connection, storedId);
        if (Read(connection, storedId) is not { } recurring)
            return false;
        if (!recurring.IsPaused)
            return true;

        var now = time.GetUtcNow().UtcDateTime;
        var schedule = CronSchedule.TryCreate(recurring.Cron, recurring.TimeZoneId, now, out var fault)
            ?? throw new InvalidOperationException($"Recurring job '{storedId}' cannot be resumed: {fault}.");
        var next = schedule.NextAfter(now)!.Value;
        var fields = new Dictionary<string, string>
        {
            [RecurringJobRecord.PausedAtField] = "",
            [RecurringJobRecord.PauseReasonField] = "",
            ["Cron"] = schedule.Cron,
            ["NextExecution"] = JobHelper.SerializeDateTime(next),
        };
        // Hangfire counts missed occurrences from the last execution: without this, a policy that executes
        // all of them would make up for the whole pause.
        if (recurring.Misfire == MisfirePolicy.RunAll)
            fields["LastExecution"] = JobHelper.SerializeDateTime(now);
        Write(connection, storedId, fields, JobHelper.ToTimestamp(next));
        return true;
    }

    public RecurringJobRecord? Read(string storedId)
    {
        using var connection = storage.GetConnection();
        return Read(connection, storedId);
    }

    /// <summary>
    /// All entries of the schema, of every app, each with the state of its latest job; <see langword="null"/> means an id without an entry.
    /// A storage of ours reads them at once, any other one by one.
    /// </summary>
    public IReadOnlyList<(string StoredId, RecurringJobRecord? Entry, StateData? LastJob)> ListAll()
    {
        if (storage is IJobSearch search)
        {
            return [.. search.RecurringJobs().Select(static item =>
                (item.Id, RecordOf(item.Id, new Dictionary<string, string>(item.Fields, StringComparer.Ordinal)), item.LastJobState))];
        }
        using var connection = storage.GetConnection();
        return [.. connection.GetAllItemsFromSet(Set)
            .Order(StringComparer.Ordinal)
            .Select(storedId => (storedId, Entry: Read(connection, storedId)))
            .Select(item => (item.storedId, item.Entry, item.Entry?.LastJobId is { } last ? connection.GetStateData(last) : null))];
    }

    /// <summary>All entries of the schema, of every app.</summary>
    public IEnumerable<RecurringJobRecord> List() => ListAll().Select(item => item.Entry).OfType<RecurringJobRecord>();

    /// <summary>
    /// Replaces fields that Hangfire's schedulers cannot read: one such entry, of any app, stops all recurring jobs of the schema.
    /// </summary>
    /// <returns>The repaired entries, each with its broken fields.</returns>
    public IReadOnlyList<(string StoredId, IEnumerable<string> Fields)> Repair()
    {
        using var connection = storage.GetConnection();
        List<(string, IEnumerable<string>)> repaired = [];
        var broken = storage is IJobSearch search
            ? search.RecurringJobs().Where(static item => RecurringJobRecord.Repairs(item.Fields).Count > 0).Select(static item => item.Id)
            : connection.GetAllItemsFromSet(Set).Where(storedId => Repairs(connection, storedId).Count > 0);
        foreach (var storedId in broken)
        {
            using var _ = Lock(connection, storedId);
            var repairs = Repairs(connection, storedId);
            Write(connection, storedId, repairs, score: null);
            repaired.Add((storedId, repairs.Keys));
        }
        return repaired;
    }

    private static Dictionary<string, string> Repairs(IStorageConnection connection, string storedId) =>
        connection.GetAllEntriesFromHash(Key(storedId)) is { } fields ? RecurringJobRecord.Repairs(fields) : [];

    // Hangfire's manager knows the system's clock alone.
    private void RenewByClock(string storedId, CronSchedule schedule)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var next = schedule.NextAfter(now)!.Value;
        Write(
            storedId,
            new() { ["CreatedAt"] = JobHelper.SerializeDateTime(now), ["NextExecution"] = JobHelper.SerializeDateTime(next) },
            JobHelper.ToTimestamp(next));
    }

    private void UpdatePaused(string storedId, Job job, CronSchedule schedule, MisfirePolicy misfire) =>
        Write(storedId, score: -1, fields: new()
        {
            [RecurringJobRecord.JobField] = InvocationData.SerializeJob(job).SerializePayload(),
            ["Cron"] = schedule.Cron,
            ["TimeZoneId"] = schedule.TimeZone.Id,
            ["Misfire"] = ((int)misfire).ToString(CultureInfo.InvariantCulture),
            ["NextExecution"] = "",
        });

    private void Write(string storedId, Dictionary<string, string> fields, double? score)
    {
        using var connection = storage.GetConnection();
        using var _ = Lock(connection, storedId);
        Write(connection, storedId, fields, score);
    }

    private static void Write(IStorageConnection connection, string storedId, Dictionary<string, string> fields, double? score)
    {
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(Key(storedId), fields);
        if (score is { } value)
            transaction.AddToSet(Set, storedId, value);
        transaction.Commit();
    }

    private static RecurringJobRecord? Read(IStorageConnection connection, string storedId)
    {
        if (connection.GetAllEntriesFromHash(Key(storedId)) is not { Count: > 0 } fields)
            return null;
        // Our storages hide it from Hangfire where it must not be loaded; it can be shown as text.
        if (!fields.ContainsKey(RecurringJobRecord.JobField)
            && (connection as JobStorageConnection)?.GetValueFromHash(Key(storedId), RecurringJobRecord.JobField) is { } job)
        {
            fields[RecurringJobRecord.JobField] = job;
        }
        return RecordOf(storedId, fields);
    }

    private static RecurringJobRecord? RecordOf(string storedId, Dictionary<string, string> fields) =>
        fields.ContainsKey("Cron") ? new RecurringJobRecord(storedId, fields) : null;

    // Hangfire's lock for one recurring job, shared with its schedulers and managers.
    private static IDisposable Lock(IStorageConnection connection, string storedId) =>
        connection.AcquireDistributedLock($"lock:recurring-job:{storedId}", LockTimeout);

    private static string Key(string storedId) => $"recurring-job:{storedId}";
}
