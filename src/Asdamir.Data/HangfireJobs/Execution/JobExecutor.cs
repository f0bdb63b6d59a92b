using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Executes a job: finds its type, creates a scope and a context, and translates its result for Hangfire.</summary>
internal sealed partial class JobExecutor(
    JobCatalog catalog,
    HangfireJobsOptions options,
    AppIdentity app,
    RetryPolicy retry,
    JobTransitions moves,
    ExclusiveJobs exclusive,
    IServiceScopeFactory scopes,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggers,
    JobMetrics metrics,
    UnknownJobs unknown,
    JobThreads threads,
    JobPipeline pipeline,
    ContextPropagation propagation,
    UnsavedJournals unsaved,
    TimeProvider time,
    IAttemptProbe? probe = null) : IJobExecutor
{
    private static readonly TimeSpan OutageDelay = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = loggers.CreateLogger<JobExecutor>();

    public async Task<string?> ExecuteAsync(
        string jobName, string? payloadJson, PerformContext context, CancellationToken cancellationToken)
    {
        // The worker filter postpones unknown jobs before they get here; that of an older build may not.
        if (!catalog.TryGet(jobName, out var job))
            throw PostponeUnknown(jobName, context, UnknownJob.Postponed(jobName, context.BackgroundJob.CreatedAt, time));
        var payload = ReadPayload(jobName, payloadJson);
        if (payload.Version > JobPayload.CurrentVersion)
        {
            throw PostponeUnknown(jobName, context, new ScheduledState(After(UnknownJob.Delay(context.BackgroundJob.CreatedAt, time)))
            {
                Reason = $"The payload has version {payload.Version}, this build reads up to {JobPayload.CurrentVersion}. "
                    + "Deploy a newer build",
            });
        }
        SetCulture(payload, context.BackgroundJob.Id);
        if (!job.IsExclusive)
            return await ExecuteTracedAsync(job, payload, context, cancellationToken).ConfigureAwait(false);
        var execution = Guid.NewGuid().ToString("N");
        await TakeExclusivityAsync(job, context, execution, cancellationToken).ConfigureAwait(false);
        try
        {
            return await ExecuteTracedAsync(job, payload, context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            exclusive.Release(app.Queue, job.Name, context.BackgroundJob.Id, execution, lifetime.ApplicationStopped);
        }
    }

    // The job has not started: an unavailable storage is not a failed attempt.
    private async Task TakeExclusivityAsync(
        JobDescriptor job, PerformContext context, string execution, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (exclusive.TryTake(app.Queue, job.Name, context.BackgroundJob, context.ServerId ?? "", execution) is { } wait)
                {
                    throw Postpone(
                        context,
                        new ScheduledState(After(wait.Delay)) { Reason = $"Waiting for {wait.Holder}: '{job.Name}' is exclusive" });
                }
                return;
            }
            catch (JobStorageUnavailableException)
            {
                await Task.Delay(OutageDelay, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<string?> ExecuteTracedAsync(
        JobDescriptor job, JobPayload payload, PerformContext context, CancellationToken cancellationToken)
    {
        using var trace = JobTrace.StartExecution(job.Name, context.BackgroundJob.Id, app.Queue, payload);
        var execution = metrics.Begin(job.Name, app.Queue);
        try
        {
            var result = await ExecuteOnceAsync(job, payload, context, cancellationToken).ConfigureAwait(false);
            execution.Succeed();
            return result;
        }
        // A cancellation that is not the job's, such as the timeout of an HTTP client, is a failure.
        catch (Exception exception) when (
            exception is JobMovedException || (exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            execution.Postpone();
            throw;
        }
        catch (Exception exception)
        {
            JobTrace.Fail(trace, exception);
            execution.Fail(exception);
            throw;
        }
        finally
        {
            execution.Dispose();
        }
    }

    private async Task<string?> ExecuteOnceAsync(
        JobDescriptor job, JobPayload payload, PerformContext context, CancellationToken cancellationToken)
    {
        var timeout = job.Timeout ?? options.DefaultTimeout;
        using var timer = timeout > TimeSpan.Zero ? new CancellationTokenSource(timeout, time) : null;
        using var late = WatchTimeout(job, context, timer, timeout);
        using var linked = timer is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var token = linked?.Token ?? cancellationToken;

        var attempt = JobContext.AttemptOf(context);
        var record = new AttemptRecord(
            context, () => attempt.Value, wasDone => metrics.Step(job.Name, app.Queue, wasDone), threads, time, _log, token);
        var (result, stored) = await InvokeAsync(job, payload, context, attempt, record, token).ConfigureAwait(false);
        if (record.End.IsCommitted)
        {
            if (result.Outcome != JobOutcome.Success)
                Log.FailedAfterItsCommit(_log, result.Exception, job.Name, context.BackgroundJob.Id, new LogText(result.Message ?? ""));
            return record.End.Stored;
        }
        // Whatever the job made of that: it is another worker's.
        if (record.IsLost)
            throw new JobMovedException();
        if (result.Outcome == JobOutcome.Success && record.End.WasAskedFor)
        {
            result = JobResult.Failure(
                $"Job '{job.Name}' called CompleteInAsync, but its transaction had not committed when the job returned, so nothing of it "
                    + "remains. Fix: commit the transaction before the job returns.");
        }
        if (result.Outcome == JobOutcome.Success)
            return stored;
        if (cancellationToken.IsCancellationRequested)
            throw GiveBack(context, result, cancellationToken);
        if (result.Outcome == JobOutcome.RunAgain)
            throw Postpone(
                context,
                new ScheduledState(After(result.Delay))
                {
                    Reason = result.Message is null ? "Runs again, as the job asked" : StorableText.Of($"Runs again: {result.Message}")
                });

        var exception = StorableException.Of(result.Exception ?? new JobFailedException(result.Message!) { IsOfResult = true });
        if (timer is { IsCancellationRequested: true })
        {
            exception = StorableException.Of(
                new JobTimeoutException($"Job '{job.Name}' took longer than its timeout of {timeout:c}.", exception));
        }
        else if (result.Outcome == JobOutcome.PermanentFailure)
        {
            PermanentFailures.Mark(exception);
        }
        RequestedDelays.Set(exception, context.BackgroundJob.Id, result.RetryDelay);
        ExceptionDispatchInfo.Throw(exception);
        throw exception;
    }

    private static CancellationTokenRegistration WatchTimeout(
        JobDescriptor job, PerformContext context, CancellationTokenSource? timer, TimeSpan timeout) =>
        timer is not null && context.CancellationToken is AttemptToken attempt
            ? timer.Token.UnsafeRegister(
                _ => attempt.TimeOut(new AttemptTimeout(timeout, KeepsOthersOff: job.IsExclusive || job.Limits.Count > 0)), null)
            : default;

    /// <summary>Executes the job and stores its result. Later errors do not change a result that the job has returned.</summary>
    private async Task<(JobResult Result, string? Stored)> InvokeAsync(
        JobDescriptor job, JobPayload payload, PerformContext context, Lazy<int> attempt, AttemptRecord record, CancellationToken token)
    {
        JobResult? result = null;
        string? stored = null;
        try
        {
            var jobId = context.BackgroundJob.Id;
            var appLog = loggers.CreateLogger(job.Type);
            await using var journal = new JobJournal(new JobMetadata(context.Storage), jobId, unsaved, time, _log);
            using var logScope = appLog.BeginScope(new KeyValuePair<string, object>[] { new("JobName", job.Name), new("JobId", jobId) });
            var log = new JobLogger(appLog, journal);
            await using var recording = record;
            await using var scope = new JobScope(scopes.CreateAsyncScope(), log, job.Name, time, token);
            propagation.Restore(payload.Context, scope.Services);
            var jobContext = new JobContext(
                context, job, payload.Args, app.Queue, retry.For(job).Max + 1, journal, record, attempt, log);
            var call = new JobCall(job, payload.Args, scope.Services, context.CancellationToken, token);
            result = probe is null
                ? await pipeline.InvokeAsync(call, jobContext).ConfigureAwait(false)
                : await probe.ObserveAsync(jobContext, observed => pipeline.InvokeAsync(call, observed)).ConfigureAwait(false);
            // What follows may block, and a job that has waited returns on the thread pool.
            await threads.SwitchTo(context.CancellationToken);
            // Inside the scope, because a lazy output may need its services.
            if (result.Outcome == JobOutcome.Success)
                stored = StoredResult.Write(result, log);
        }
        catch (Exception exception) when (result is null)
        {
            result = JobResult.Failure(exception);
        }
        catch (Exception exception)
        {
            Log.FailedAfterItsEnd(_log, exception, job.Name, context.BackgroundJob.Id);
        }
        return (result!, stored);
    }

    private static JobPayload ReadPayload(string jobName, string? payloadJson)
    {
        try
        {
            return JobPayload.Read(payloadJson);
        }
        catch (JsonException exception)
        {
            throw PermanentFailures.Mark(
                new JobArgumentsException(
                    $"The stored payload of job '{jobName}' is broken: {exception.Message} Delete the job and enqueue it again.",
                    exception));
        }
    }

    private JobMovedException PostponeUnknown(string jobName, PerformContext context, ScheduledState later)
    {
        unknown.Postponed(jobName, context.BackgroundJob.Id, app.Queue, later.Reason);
        return Postpone(context, later);
    }

    private DateTime After(TimeSpan delay) => (time.GetUtcNow() + delay).UtcDateTime;

    /// <summary>Postpones the job without using an attempt, and releases the worker.</summary>
    private JobMovedException Postpone(PerformContext context, ScheduledState later)
    {
        using var connection = context.Storage.GetConnection();
        moves.Change(connection, context.BackgroundJob.Id, later, ProcessingState.StateName);
        return new JobMovedException();
    }

    /// <summary>
    /// The app stops, or the job was deleted: however the job reacts to its cancelled token, this is not a failed
    /// attempt. Hangfire returns the job to its queue.
    /// </summary>
    private OperationCanceledException GiveBack(PerformContext context, JobResult result, CancellationToken cancellationToken)
    {
        try
        {
            // A storage of ours makes it Enqueued when it is given back; on any other it stays Processing, as after a crash.
            if (context.Storage is not IClaimingJobStorage)
            {
                using var connection = context.Storage.GetConnection();
                JobParameters.Set(connection, context.BackgroundJob.Id, JobParameters.GivenBack, true);
            }
        }
        catch (Exception exception)
        {
            // The next delivery then counts as a lost one, which is harmless before MaxDeliveries.
            Log.NotMarkedAsGivenBack(_log, exception, context.BackgroundJob.Id);
        }
        return new OperationCanceledException(result.Message, result.Exception, cancellationToken);
    }

    // The change is confined to this execution: the culture flows with the async method that sets it.
    private void SetCulture(JobPayload payload, string jobId)
    {
        if (payload.Culture is null)
            return;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(payload.Culture);
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(payload.UICulture ?? payload.Culture);
        }
        catch (CultureNotFoundException exception)
        {
            Log.UnknownCulture(_log, exception, jobId, new LogText(payload.Culture));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1101, Level = LogLevel.Warning,
            Message = "Culture {Culture} of job {JobId} is unknown here; the job is executed with the culture of this process")]
        public static partial void UnknownCulture(ILogger logger, Exception exception, string jobId, LogText culture);

        [LoggerMessage(
            EventId = 1102, Level = LogLevel.Warning,
            Message = "Job {JobId} could not be marked as returned; if it is delivered again, that counts as a lost delivery")]
        public static partial void NotMarkedAsGivenBack(ILogger logger, Exception exception, string jobId);

        [LoggerMessage(
            EventId = 1104, Level = LogLevel.Warning,
            Message = "Cleaning up after job {JobName} '{JobId}' failed. The outcome of the job stands")]
        public static partial void FailedAfterItsEnd(ILogger logger, Exception exception, string jobName, string jobId);

        [LoggerMessage(
            EventId = 1108, Level = LogLevel.Warning,
            Message = "Job {JobName} '{JobId}' had succeeded with its own transaction and then returned something else; "
                + "its success stands: {Error}")]
        public static partial void FailedAfterItsCommit(
            ILogger logger, Exception? exception, string jobName, string jobId, LogText error);
    }
}
