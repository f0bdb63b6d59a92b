using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Scheduling;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Server;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.ManualExecution;

/// <summary>
/// A server that acts only when it is asked to: it begins one job at a time, and starts what is due by the clock of its storage. It is
/// made for tests and tools, as the package <c>Asdamir.Data.Testing</c>, and needs a storage of this product. Get it from the services of
/// an app whose jobs were added with <see cref="ManualJobServerExtensions.UseManualServer"/>, after the host has started.
/// </summary>
/// <remarks>Its members are not safe for concurrent use. Those that return no task block while they read and write the storage.</remarks>
public sealed class ManualJobServer : IDisposable
{
    private const string ServerId = "manual";
    private const string DelayedSet = "schedule";
    private const string RecurringSet = "recurring-jobs";

    private readonly IServiceProvider _services;
    private readonly ManualCalls _calls;
    private readonly JobRouting _routing;
    private readonly SqlJobStorage _storage;
    private readonly IJobClaims _claims;
    private readonly AttemptParts _attempts;
    private readonly JobSlots _slots = new(concurrency: 1_000);
    private readonly AttemptWatch _watch;
    private readonly DelayedJobScheduler _plainScheduler;
    private readonly RecurringJobScheduler _recurringScheduler;

    internal ManualJobServer(IServiceProvider services, ManualCalls calls)
    {
        _services = services;
        _calls = calls;
        _routing = services.GetRequiredService<JobRouting>();
        var storage = services.GetRequiredService<JobStorage>();
        _storage = storage as SqlJobStorage ?? throw new NotSupportedException(
            $"A manual server needs a storage that claims jobs, and the app uses {storage}. "
                + $"Fix: use {nameof(SqliteJobStorage)} or {nameof(PostgreSqlJobStorage)}.");
        var parts = services.GetRequiredService<ServerParts>();
        var changer = parts.StateChanger(storage);
        _attempts = parts.Attempts(storage, changer);
        _claims = _storage.OpenClaims([.. _routing.OwnQueues], ServerId);
        _watch = new AttemptWatch(_claims, _attempts.Threads, _attempts.Time);
        _plainScheduler = new DelayedJobScheduler(TimeSpan.Zero, changer);
        // The interval is only how late an occurrence may be that is not a missed one.
        _recurringScheduler = parts.RecurringScheduler(TimeSpan.FromSeconds(5));
    }

    /// <summary>Adds the schedules that the app declares, as a server does when it starts.</summary>
    public void ApplySchedules()
    {
        _services.GetRequiredService<RecurringJobMonitor>().Check();
        _services.GetRequiredService<DeclaredRecurringJobs>().Apply();
    }

    /// <summary>Begins to execute a job that waits in a queue of the app.</summary>
    /// <param name="jobId">The job; <see langword="null"/> for the one that waits longest.</param>
    /// <param name="call">Stands around the call of the job; <see langword="null"/> for nothing.</param>
    /// <returns>The attempt, which is under way; <see langword="null"/> when the job does not wait.</returns>
    public async Task<ManualJobAttempt?> BeginAsync(string? jobId = null, ManualJobCall? call = null)
    {
        if (await ClaimAsync(jobId).ConfigureAwait(false) is not { } claimed)
            return null;
        return new ManualJobAttempt(claimed, call, (attempt, stop) =>
        {
            _calls.Add(attempt);
            return new JobAttempt(_attempts, Context(stop), _slots, _watch, claimed).ExecuteAsync();
        });
    }

    /// <summary>Starts the delayed and recurring jobs that are due.</summary>
    public void StartDue()
    {
        while (_storage.EnqueueDelayedJobs() > 0)
        {
        }
        using var none = new CancellationTokenSource();
        var context = Context(none.Token);
        _plainScheduler.Execute(context);
        RecurringJobClock.Fire(_recurringScheduler, context);
    }

    /// <summary>When the next delayed or recurring job is due; <see langword="null"/> when none is scheduled.</summary>
    public DateTimeOffset? NextDue()
    {
        using var connection = (JobStorageConnection)_storage.GetConnection();
        var delayed = connection.GetFirstByLowestScoreFromSet(DelayedSet, 0, double.MaxValue) is { } jobId
            ? StoredTime.Read(JobLookup.Field(connection.GetStateData(jobId), "EnqueueAt"))
            : null;
        var recurring = connection.GetFirstByLowestScoreFromSet(RecurringSet, 0, double.MaxValue) is { } recurringId
            ? StoredTime.Read(connection.GetValueFromHash($"recurring-job:{recurringId}", "NextExecution"))
            : null;
        return delayed is null || recurring < delayed ? recurring : delayed;
    }

    /// <summary>The name under which jobs of a job type are stored.</summary>
    /// <param name="jobType">The job type.</param>
    /// <exception cref="InvalidOperationException">It is not registered as a job.</exception>
    public string NameOf(Type jobType) => _services.GetRequiredService<JobCatalog>().Get(jobType).Name;

    /// <summary>The arguments of a job as they are stored, without a mask over secrets.</summary>
    /// <param name="jobId">The job.</param>
    /// <returns>Their JSON; <see langword="null"/> when it has none.</returns>
    public string? ArgumentsOf(string jobId)
    {
        using var connection = _storage.GetConnection();
        return JobEnvelope.TryUnwrap(connection.GetJobData(jobId)?.Job, out _, out var payload) ? JobPayload.ArgumentsOf(payload) : null;
    }

    /// <summary>The stored id of a recurring job, with the app's prefix.</summary>
    /// <param name="id">Its id within the app.</param>
    /// <exception cref="ArgumentException">The id is not allowed.</exception>
    public string StoredRecurringId(string id) => _routing.StoredRecurringId(id);

    /// <summary>Reads arguments as a job does.</summary>
    /// <param name="argumentsJson">Their JSON, as stored.</param>
    /// <param name="type">Their type.</param>
    /// <exception cref="JsonException">They are not of that type.</exception>
    public static object? ReadArguments(string argumentsJson, Type type) =>
        JsonSerializer.Deserialize(argumentsJson, type, ArgumentJson.Options);

    /// <summary>Takes no more jobs. The container of the app calls it.</summary>
    public void Dispose() => _claims.Dispose();

    // Jobs are claimed in the order of their queue; those before it return to their place.
    private async Task<IClaimedJob?> ClaimAsync(string? jobId)
    {
        List<IClaimedJob> others = [];
        try
        {
            while (AnythingWaits())
            {
                var claimed = (await _claims.ClaimAsync(1).ConfigureAwait(false))[0];
                if (jobId is null || claimed.JobId == jobId)
                    return claimed;
                others.Add(claimed);
            }
            return null;
        }
        finally
        {
            others.ForEach(static job => job.Dispose());
        }
    }

    private bool AnythingWaits()
    {
        var monitor = _storage.GetMonitoringApi();
        return _routing.OwnQueues.Any(queue => monitor.EnqueuedCount(queue) > 0);
    }

    private BackgroundProcessContext Context(CancellationToken stop) =>
        new(ServerId, _storage, new Dictionary<string, object>(), Guid.NewGuid(), stop, stop, stop);
}
