using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Opens the storage when the host starts, and checks that it answers and that it can isolate apps. The server starts with a
/// working storage, or the start fails with a message that names the fault.
/// </summary>
internal sealed partial class StorageInitializer(
    HangfireJobsOptions options, AppIdentity app, JobCatalog catalog, IHostApplicationLifetime lifetime, ILogger<StorageInitializer> log)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first attempt has failed and another one follows.</summary>
    public Task Waits => _waits.Task;

    /// <summary>Opens the storage and prepares it for the app; blocks until both have succeeded.</summary>
    /// <param name="create">Creates the storage, or returns the one that is there.</param>
    /// <param name="description">Where it is, for messages.</param>
    /// <param name="prepare">What has to be done in it.</param>
    /// <exception cref="InvalidOperationException">It cannot be reached, or something else is wrong that does not heal by
    /// waiting.</exception>
    public JobStorage Open(Func<JobStorage> create, string description, Action<JobStorage> prepare)
    {
        var storage = UntilAvailable(
            () =>
            {
                var storage = create();
                using (var connection = storage.GetConnection())
                    connection.GetAllEntriesFromHash("asdamir:probe");
                return storage;
            },
            // A misconfiguration does not disappear by waiting.
            exception => exception is not NotSupportedException || options.Storage.WhenUnavailable == StorageStartupBehavior.Fail,
            description);
        return UntilAvailable(
            () =>
            {
                prepare(storage);
                return storage;
            },
            // A misconfiguration does not disappear by waiting.
            static exception => exception is not (ArgumentException or InvalidOperationException or NotSupportedException),
            storage is SqlJobStorage ? $"{storage}" : storage.GetType().Name);
    }

    /// <exception cref="NotSupportedException">The storage lacks what isolation or a job type needs.</exception>
    public void CheckFeatures(JobStorage storage)
    {
        if (storage is not IBatchingJobStorage
            && catalog.Jobs.Where(static job => job.Unique is not null).ToList() is { Count: > 0 } unique)
        {
            throw new NotSupportedException(
                $"The job storage {storage.GetType().Name} does not observe keys of jobs, which [Unique] on these job types needs: "
                    + $"{string.Join(", ", unique.Select(static job => job.Name))}. Fix: use SQLite or PostgreSQL "
                    + $"({HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.Storage)}:Provider), or remove [Unique].");
        }
        if (storage is not IBatchingJobStorage
            && catalog.Jobs.Where(static job => job.Priority is not null).ToList() is { Count: > 0 } prioritized)
        {
            throw new NotSupportedException(
                $"The job storage {storage.GetType().Name} does not observe priorities, which [Priority] on these job types needs: "
                    + $"{string.Join(", ", prioritized.Select(static job => job.Name))}. Fix: use SQLite or PostgreSQL "
                    + $"({HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.Storage)}:Provider), or remove [Priority].");
        }
        if (storage is not IBatchingJobStorage
            && catalog.Jobs.Where(static job => job.Fairness is not null).ToList() is { Count: > 0 } fair)
        {
            throw new NotSupportedException(
                $"The job storage {storage.GetType().Name} does not observe fairness keys, which [FairnessKey] on the arguments of these "
                    + $"job types needs: {string.Join(", ", fair.Select(static job => job.Name))}. Fix: use SQLite or PostgreSQL "
                    + $"({HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.Storage)}:Provider), or remove [FairnessKey].");
        }
        if (storage is not IJobLimits
            && catalog.Jobs.Where(static job => job.Limits.Count > 0).ToList() is { Count: > 0 } limited)
        {
            throw new NotSupportedException(
                $"The job storage {storage.GetType().Name} does not observe limits, which [Limit] on these job types needs: "
                    + $"{string.Join(", ", limited.Select(static job => job.Name))}. Fix: use SQLite or PostgreSQL "
                    + $"({HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.Storage)}:Provider), or remove [Limit].");
        }
        if (storage.HasFeature(JobStorageFeatures.JobQueueProperty) || (!app.IsIsolated && catalog.Jobs.All(job => job.Queue is null)))
            return;
        throw new NotSupportedException(
            $"{HangfireJobsOptions.SectionName}:AppQueue = '{app.AppQueue}' (or a [Queue] attribute) needs a storage that keeps the queue "
                + $"with each job ({JobStorageFeatures.JobQueueProperty}), and {storage.GetType().Name} does not: "
                + "delayed and retried jobs would leave the app's queue. "
                + "Fix: update the storage's package, use another storage, or leave AppQueue empty.");
    }

    /// <summary>Writes the limits that job types declare, before a job of them can begin.</summary>
    public void DeclareLimits(JobStorage storage)
    {
        if (storage is not IJobLimits limits)
            return;
        foreach (var queue in catalog.Jobs.Where(static job => job.Limits.Count > 0).GroupBy(job => job.Queue ?? app.Queue))
        {
            limits.DeclareLimits(
                queue.Key, [.. queue.SelectMany(static job => job.Limits).Select(static limit => limit.Rule).Distinct()]);
        }
    }

    private JobStorage UntilAvailable(Func<JobStorage> use, Func<Exception, bool> isOutage, string description)
    {
        var delay = FirstDelay;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return use();
            }
            catch (Exception exception) when (isOutage(exception))
            {
                if (options.Storage.WhenUnavailable == StorageStartupBehavior.Fail)
                {
                    const string section = $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.Storage)}";
                    throw new InvalidOperationException(
                        $"The job storage cannot be used ({description}): {InnermostMessage(exception)} Fix: check {section} and that the "
                        + $"server is up, or set {section}:WhenUnavailable to Retry to wait for it.",
                        exception);
                }
                Log.NotAvailable(log, description, attempt, delay, new LogText(InnermostMessage(exception)));
                _waits.TrySetResult();
                if (lifetime.ApplicationStopping.WaitHandle.WaitOne(delay))
                {
                    throw new OperationCanceledException(
                        "The app was stopped while it waited for the job storage.", exception, lifetime.ApplicationStopping);
                }
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    private static string InnermostMessage(Exception exception)
    {
        var message = exception.GetBaseException().Message.Trim();
        return message.EndsWith('.') ? message : message + ".";
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1501, Level = LogLevel.Warning,
            Message = "The job storage is not available ({Storage}), attempt {Attempt}; the jobs wait, "
                + "and the next attempt follows in {Delay}. {Error}")]
        public static partial void NotAvailable(ILogger logger, string storage, int attempt, TimeSpan delay, LogText error);
    }
}
