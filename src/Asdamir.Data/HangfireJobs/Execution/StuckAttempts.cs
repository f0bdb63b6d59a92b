using System.Globalization;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// What becomes of an attempt whose job continues although its token was cancelled: it is reported, another job gets its slot, and after a
/// timeout the attempt fails without waiting for the job.
/// </summary>
internal sealed partial class StuckAttempts(
    JobStorage storage, IBackgroundJobStateChanger changer, HangfireJobsOptions options, StuckJobs stuck, JobThreads threads,
    TimeProvider time, ILogger<StuckAttempts> log)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>Waits until the job counts as stuck, unless it ends before. Never throws.</summary>
    /// <param name="attempt">Its token, which was just cancelled.</param>
    /// <param name="job">The job.</param>
    /// <param name="timeout">The timeout that it has exceeded; <see langword="null"/> when it was moved away.</param>
    /// <param name="freeSlot">Lets another job begin.</param>
    /// <param name="ended">Cancelled when the job ends.</param>
    public async Task WatchAsync(
        AttemptToken attempt, BackgroundJob job, AttemptTimeout? timeout, Action freeSlot, CancellationToken ended)
    {
        if (options.StuckAfter == TimeSpan.Zero)
            return;
        var since = time.GetUtcNow();
        await WaitAsync(options.StuckAfter, ended).ConfigureAwait(false);
        if (ended.IsCancellationRequested)
            return;
        var name = JobEnvelope.TryUnwrap(job.Job, out var known, out _) ? known : job.Job?.ToString() ?? "";
        var found = new StuckJob(name, job.Id, attempt.Job.Queue, since);
        stuck.Add(found);
        freeSlot();
        await ReportAsync(attempt, found, timeout).ConfigureAwait(false);
        if (timeout is { KeepsOthersOff: false })
            await FailAsync(attempt, found, timeout, ended).ConfigureAwait(false);
        await WaitAsync(Timeout.InfiniteTimeSpan, ended).ConfigureAwait(false);
        stuck.Remove(found);
    }

    private async Task ReportAsync(AttemptToken attempt, StuckJob job, AttemptTimeout? timeout)
    {
        Log.IsStuck(
            log, job.Name, job.Id, options.StuckAfter,
            timeout is null ? "the job was moved away" : $"it took longer than {timeout.Timeout:c}",
            timeout is { KeepsOthersOff: true }
                ? "it stays Processing until it ends, as others must not be executed beside it"
                : "what it still does is ignored");
        try
        {
            await attempt.TryWriteMetadataAsync(
                new Dictionary<string, string> { [StuckJobs.Note] = StuckJobs.NoteOf(attempt.Job.WorkerId, job.Since) })
                .ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.NotNoted(log, exception, job.Id);
        }
    }

    // As an operator would move it: the claim ends with that, and with it all that the job still writes.
    private async Task FailAsync(AttemptToken attempt, StuckJob job, AttemptTimeout timeout, CancellationToken ended)
    {
        var exception = StorableException.Of(new JobTimeoutException(string.Create(
            CultureInfo.InvariantCulture,
            $"Job '{job.Name}' took longer than its timeout of {timeout.Timeout:c}, and continued for {options.StuckAfter:c} after its "
                + $"token was cancelled. What it still does is ignored. Fix: pass the token to all that the job awaits.")));
        var failed = new FailedState(exception, attempt.Job.ServerId) { Reason = ServerFilters.Reason };
        while (!ended.IsCancellationRequested)
        {
            // The threads of the job may be blocked by it.
            await threads.SwitchTo(failed);
            try
            {
                using var connection = storage.GetConnection();
                using var held = connection.AcquireDistributedJobLock(job.Id, LockTimeout);
                if (!attempt.IsMoved(connection))
                    changer.ChangeState(new StateChangeContext(storage, connection, job.Id, failed, ProcessingState.StateName));
                return;
            }
            catch (Exception fault)
            {
                Log.NotFailed(log, fault, job.Id);
            }
            await WaitAsync(PauseAfterFailure, ended).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(TimeSpan delay, CancellationToken ended) =>
        await Task.Delay(delay, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1126, Level = LogLevel.Warning,
            Message = "Job {JobName} '{JobId}' continues {StuckAfter} after its token was cancelled, as {Cause}. "
                + "Another job gets its slot; {Consequence}. Fix: pass the token to all that the job awaits")]
        public static partial void IsStuck(
            ILogger logger, string jobName, string jobId, TimeSpan stuckAfter, string cause, string consequence);

        [LoggerMessage(
            EventId = 1127, Level = LogLevel.Debug,
            Message = "It could not be stored that job {JobId} continues after its token was cancelled")]
        public static partial void NotNoted(ILogger logger, Exception exception, string jobId);

        [LoggerMessage(
            EventId = 1128, Level = LogLevel.Warning,
            Message = "Job {JobId}, which continues after its timeout, could not be ended; that is tried again until the job ends")]
        public static partial void NotFailed(ILogger logger, Exception exception, string jobId);
    }
}
