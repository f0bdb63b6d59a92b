using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.Scheduling;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// A server that acts only when it is asked to: it executes one job at a time, and starts what is due by the clock of its storage. It is
/// what <c>Asdamir.Data.Testing</c> sees of this assembly, in a host whose <see cref="JobServer"/> starts no server.
/// </summary>
internal sealed class ManualServer : IDisposable
{
    private const string ServerId = "manual";
    private const string DelayedSet = "schedule";
    private const string RecurringSet = "recurring-jobs";

    private readonly IServiceProvider _services;
    private readonly JobRouting _routing;
    private readonly SqlJobStorage _storage;
    private readonly IJobClaims _claims;
    private readonly AttemptParts _attempts;
    private readonly JobSlots _slots = new(concurrency: 1_000);
    private readonly AttemptWatch _watch;
    private readonly DelayedJobScheduler _plainScheduler;
    private readonly RecurringJobScheduler _recurringScheduler;

    public ManualServer(IServiceProvider services, JobRouting routing, JobStorage storage, ServerParts parts)
    {
        _services = services;
        _routing = routing;
        _storage = (SqlJobStorage)storage;
        var changer = parts.StateChanger(storage);
        _attempts = parts.Attempts(storage, changer);
        _claims = _storage.OpenClaims([.. routing.OwnQueues], ServerId);
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
    /// <returns><see langword="null"/> when it does not wait.</returns>
    public async Task<ManualAttempt?> BeginAsync(string? jobId = null)
    {
        if (await ClaimAsync(jobId).ConfigureAwait(false) is not { } claimed)
            return null;
        return new ManualAttempt(claimed, stop => new JobAttempt(_attempts, Context(stop), _slots, _watch, claimed).ExecuteAsync());
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

    /// <summary>The name under which jobs of the class are stored.</summary>
    /// <exception cref="InvalidOperationException">It is not registered as a job.</exception>
    public string NameOf(Type jobType) => _services.GetRequiredService<JobCatalog>().Get(jobType).Name;

    /// <summary>The arguments of a job as they are stored; <see langword="null"/> when it has none.</summary>
    public string? ArgumentsOf(string jobId)
    {
        using var connection = _storage.GetConnection();
        return JobEnvelope.TryUnwrap(connection.GetJobData(jobId)?.Job, out _, out var payload) ? JobPayload.ArgumentsOf(payload) : null;
    }

    /// <summary>Why a recurring job that is due was not fired.</summary>
    public async Task<string> WhyNotFiredAsync()
    {
        var all = await _services.GetRequiredService<IJobMonitor>().GetRecurringJobsAsync().ConfigureAwait(false);
        var broken = all.FirstOrDefault(static job => job.Error is not null);
        return $"The recurring job '{broken?.Id}' is due, and could not create its job: {broken?.Error}";
    }

    /// <summary>The stored id of a recurring job of the app.</summary>
    /// <exception cref="ArgumentException">The id is not allowed.</exception>
    public string StoredRecurringId(string id) => _routing.StoredRecurringId(id);

    /// <summary>Reads a time as Hangfire stores it.</summary>
    public static DateTimeOffset? TimeOf(string? stored) => StoredTime.Read(stored);

    /// <summary>Reads stored arguments.</summary>
    public static object? Read(string argumentsJson, Type type) => JsonSerializer.Deserialize(argumentsJson, type, ArgumentJson.Options);

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
