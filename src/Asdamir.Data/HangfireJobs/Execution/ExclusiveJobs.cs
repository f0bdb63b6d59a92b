using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Executes at most one job of an exclusive type at a time, in the whole app. The holder is recorded in a hash under a
/// short lock; no lock is held while the job executes, so no lock timeout can end the exclusivity.
/// </summary>
/// <remarks>
/// A holder is valid as long as its job is Processing, or was deleted and its server is alive (it may still be ending).
/// A holder whose process died is replaced when the storage delivers its job again: that job takes its own place. The earlier execution
/// may still be ending then; when it ends, it does not release the place of the later one.
/// Others wait as scheduled jobs in a line; a job that ends wakes the first. Each also polls, the
/// first in line every 15 seconds and those behind it less often.
/// </remarks>
internal sealed partial class ExclusiveJobs(JobStorage storage, JobTransitions moves, TimeProvider time, ILogger<ExclusiveJobs> log)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ReleaseRetryDelay = TimeSpan.FromSeconds(5);

    // A waiting job that is about to be due may already be on its way to the queue; waking it would queue it twice.
    private static readonly TimeSpan WakeMargin = TimeSpan.FromSeconds(5);

    /// <param name="queue">The queue of the app.</param>
    /// <param name="jobName">The name of the job type.</param>
    /// <param name="job">The job.</param>
    /// <param name="serverId">The server that executes it.</param>
    /// <param name="execution">Identifies this execution of it.</param>
    /// <returns><see langword="null"/> when the job may start; otherwise how long it should wait, and for which job.</returns>
    public (TimeSpan Delay, string Holder)? TryTake(
        string queue, string jobName, BackgroundJob job, string serverId, string execution)
    {
        try
        {
            return TryTakeLocked(Key(queue, jobName), job, serverId, execution);
        }
        catch (DistributedLockTimeoutException)
        {
            // Many poll at once, or a process died while it polled; the job need not fail.
            return (Patience, "another job");
        }
    }

    private (TimeSpan Delay, string Holder)? TryTakeLocked(string key, BackgroundJob job, string serverId, string execution)
    {
        using var connection = (JobStorageConnection)storage.GetConnection();
        using var _ = connection.AcquireDistributedLock(key, LockTimeout);

        var holder = connection.GetAllEntriesFromHash(key);
        var heldBy = holder is not null && holder.TryGetValue("JobId", out var id) ? id : null;
        using var transaction = connection.CreateWriteTransaction();
        if (heldBy is null || heldBy == job.Id || IsGone(connection, heldBy, holder!.GetValueOrDefault("ServerId")))
        {
            transaction.SetRangeInHash(
                key, new Dictionary<string, string> { ["JobId"] = job.Id, ["ServerId"] = serverId, ["Execution"] = execution });
            transaction.RemoveFromSet(Line(key), job.Id);
            transaction.Commit();
            return null;
        }

        transaction.AddToSet(Line(key), job.Id, JobHelper.ToTimestamp(job.CreatedAt));
        transaction.Commit();
        return (PatienceOf(connection, key, job.Id), $"job {heldBy}");
    }

    private static TimeSpan PatienceOf(JobStorageConnection connection, string key, string jobId) =>
        connection.GetFirstByLowestScoreFromSet(Line(key), 0, double.MaxValue) == jobId
            ? Patience
            : TimeSpan.FromTicks(Math.Min(Patience.Ticks * connection.GetSetCount(Line(key)), LongestPatience.Ticks));

    /// <summary>Ends the exclusivity and wakes the first in line. Never throws; failures are retried in the background.</summary>
    public void Release(string queue, string jobName, string jobId, string execution, CancellationToken stopping)
    {
        if (!TryRelease(queue, jobName, jobId, execution))
            _ = Detached.Start(() => Task.Run(RetryAsync, CancellationToken.None));

        async Task RetryAsync()
        {
            do
                await Task.Delay(ReleaseRetryDelay, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (!stopping.IsCancellationRequested && !TryRelease(queue, jobName, jobId, execution));
        }
    }

    private bool TryRelease(string queue, string jobName, string jobId, string execution)
    {
        try
        {
            var key = Key(queue, jobName);
            using var connection = (JobStorageConnection)storage.GetConnection();
            using (connection.AcquireDistributedLock(key, LockTimeout))
            {
                var holder = connection.GetValueFromHash(key, "Execution");
                if (holder is not null && holder != execution)
                    return true;
                // There is no holder when an earlier try got this far and could not wake the first in line.
                if (holder is not null)
                {
                    using var transaction = connection.CreateWriteTransaction();
                    transaction.RemoveHash(key);
                    transaction.Commit();
                }
            }
            WakeFirst(connection, key);
            return true;
        }
        catch (Exception exception)
        {
            Log.NotReleased(log, exception, jobName, jobId);
            return false;
        }
    }

    private void WakeFirst(JobStorageConnection connection, string key)
    {
        for (var looked = 0; looked < 10 && connection.GetFirstByLowestScoreFromSet(Line(key), 0, double.MaxValue) is { } jobId; looked++)
        {
            var state = connection.GetStateData(jobId);
            if (state?.Name == ScheduledState.StateName)
            {
                if (StoredTime.Read(JobLookup.Field(state, "EnqueueAt")) > time.GetUtcNow().UtcDateTime + WakeMargin)
                    moves.Change(connection, jobId, new EnqueuedState { Reason = "Its turn has come" }, ScheduledState.StateName);
                return;
            }
            if (state?.Name is "Enqueued" or "Processing")
                return;

            // It was deleted or has expired while it waited: the next one is now first.
            using var transaction = connection.CreateWriteTransaction();
            transaction.RemoveFromSet(Line(key), jobId);
            transaction.Commit();
        }
    }

    private bool IsGone(JobStorageConnection connection, string jobId, string? serverId) => connection.GetStateData(jobId)?.Name switch
    {
        "Processing" => false,
        // Its worker marks a job that has ended. This one could not release, and its process died before a retry.
        "Succeeded" or "Failed" or "Scheduled" => true,
        _ => storage.GetMonitoringApi().Servers().All(server => server.Name != serverId),
    };

    private static string Line(string key) => key + ":line";

    // Hash keys are limited to 100 characters in some storages.
    private static string Key(string queue, string jobName)
    {
        var key = $"exclusive:{queue}:{jobName}";
        return key.Length <= 80
            ? key
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{key[..60]}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]}");
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1301, Level = LogLevel.Warning,
            Message = "The exclusivity of job {JobName} held by job {JobId} could not be released; it is retried every 5 seconds")]
        public static partial void NotReleased(ILogger logger, Exception exception, string jobName, string jobId);
    }
}
