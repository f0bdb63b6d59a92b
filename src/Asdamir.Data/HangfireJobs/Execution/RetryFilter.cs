using System.Globalization;
using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Hangfire's AutomaticRetry by the rule for the failure, or after the delay that the job asked for. Reports each failed attempt in one
/// line.
/// </summary>
internal sealed partial class RetryFilter(JobRetries retries, TimeProvider time, ILogger log) : IElectStateFilter, IApplyStateFilter
{
    // As in Hangfire's reason.
    private const int MaxMessage = 50;

    private static readonly ConditionalWeakTable<FailedState, IState> Elected = [];

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is not FailedState failed)
            return;
        // A retry is counted before the new state is written. When writing fails, Hangfire elects the same failure again.
        if (Elected.TryGetValue(failed, out var elected))
        {
            context.CandidateState = elected;
            return;
        }
        var attempt = context.GetJobParameter<int>(JobParameters.RetryCount, allowStale: true) + 1;
        var requested = RequestedDelays.Take(failed.Exception, context.BackgroundJob.Id);
        if (retries.RuleFor(failed.Exception) is { } rule)
        {
            if (attempt <= rule.Retry.Attempts)
                context.SetJobParameter(JobParameters.RetryCount, attempt);
            // Set once, as Hangfire writes each state that is set into the history.
            context.CandidateState = NextState(failed, attempt, rule, requested);
            // A job may also fail because of what is stored, without an attempt.
            if (context.CandidateState == failed && context.CurrentState == ProcessingState.StateName)
                failed.Reason = $"{failed.Reason} {Allowed(rule, requested)}".TrimStart();
        }
        Elected.AddOrUpdate(failed, context.CandidateState);
        Report(context, failed.Exception, attempt);
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        retries.General.OnStateApplied(context, transaction);

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        retries.General.OnStateUnapplied(context, transaction);

    // As Hangfire does: a retry without a delay is in the state Enqueued.
    private IState NextState(FailedState failed, int attempt, FailureRule rule, TimeSpan? requested)
    {
        if (attempt > rule.Retry.Attempts)
        {
            return rule.Retry.OnAttemptsExceeded != AttemptsExceededAction.Delete ? failed : new DeletedState(new(failed.Exception))
            {
                Reason = "Exceeded the maximum number of retry attempts.",
            };
        }
        var delay = requested ?? DelayOf(rule.Retry, attempt);
        var reason = Reason(failed.Exception.Message, attempt, rule, requested);
        return delay == TimeSpan.Zero
            ? new EnqueuedState { Reason = reason }
            : new RetryState(failed, (time.GetUtcNow() + delay).UtcDateTime) { Reason = reason };
    }

    private static string Allowed(FailureRule rule, TimeSpan? requested)
    {
        var which = rule.On is null ? "Its job type" : $"The rule for {TypeName.Of(rule.On)}";
        var retries = rule.Retry.Attempts switch
        {
            0 => "no retry",
            1 => "1 retry",
            var several => string.Create(CultureInfo.InvariantCulture, $"{several} retries"),
        };
        var asAsked = requested is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" The job asked for another attempt after {requested:c}.");
        return $"{which} allows {retries}.{asAsked}";
    }

    private static TimeSpan DelayOf(AutomaticRetryAttribute retry, int attempt) => TimeSpan.FromSeconds(
        retry.DelaysInSeconds is { Length: > 0 } delays
            ? delays[Math.Min(attempt, delays.Length) - 1]
            : retry.DelayInSecondsByAttemptFunc(attempt));

    // Hangfire counts a job as a retry by the first two words. The message may be cut within a character.
    private static string Reason(string message, int attempt, FailureRule rule, TimeSpan? requested)
    {
        var byRule = rule.On is null ? "" : $" by the rule for {TypeName.Of(rule.On)}";
        var asAsked = requested is null ? "" : string.Create(CultureInfo.InvariantCulture, $", after {requested:c} as the job asked");
        var start = message.Length > MaxMessage ? $"{message.AsSpan(0, MaxMessage - 1)}…" : message;
        return StorableText.Of(string.Create(
            CultureInfo.InvariantCulture, $"Retry attempt {attempt} of {rule.Retry.Attempts}{byRule}{asAsked}: {start}"));
    }

    private void Report(ElectStateContext context, Exception exception, int attempt)
    {
        if (!retries.General.LogEvents || !JobEnvelope.TryUnwrap(context.BackgroundJob.Job, out var jobName, out _))
            return;
        var cause = exception is JobFailedException { IsOfResult: true } ? null : exception;
        if (context.CandidateState is FailedState)
            Log.Failed(log, cause, jobName, context.BackgroundJob.Id, attempt, new LogText(exception.Message));
        else
        {
            Log.FailedForNow(
                log, cause, jobName, context.BackgroundJob.Id, attempt, context.CandidateState.Name, new LogText(exception.Message));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1121, Level = LogLevel.Error,
            Message = "Job {JobName} '{JobId}' has failed at attempt {Attempt} and is not retried: {Error}")]
        public static partial void Failed(ILogger logger, Exception? exception, string jobName, string jobId, int attempt, LogText error);

        [LoggerMessage(
            EventId = 1122, Level = LogLevel.Warning,
            Message = "Job {JobName} '{JobId}' failed at attempt {Attempt} and is {State} now: {Error}")]
        public static partial void FailedForNow(
            ILogger logger, Exception? exception, string jobName, string jobId, int attempt, string state, LogText error);
    }
}
