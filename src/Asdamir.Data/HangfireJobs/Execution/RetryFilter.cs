using System.Globalization;
using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
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
        {
            retries.General.OnStateElection(context);
            return;
        }
        // Hangfire counts a retry before it writes the new state. When writing fails, it elects the same failure again.
        if (Elected.TryGetValue(failed, out var elected))
        {
            context.CandidateState = elected;
            return;
        }
        var attempt = context.GetJobParameter<int>(JobParameters.RetryCount, allowStale: true) + 1;
        if (retries.RuleFor(failed.Exception) is { } rule)
        {
            rule.Retry.OnStateElection(context);
            context.CandidateState = Explained(context.CandidateState, failed, attempt, rule);
        }
        Elected.AddOrUpdate(failed, context.CandidateState);
        Report(context, failed.Exception, attempt);
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        retries.General.OnStateApplied(context, transaction);

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        retries.General.OnStateUnapplied(context, transaction);

    // Hangfire retries without a delay in the state Enqueued.
    private IState Explained(IState state, FailedState failed, int attempt, FailureRule rule)
    {
        if (state == failed)
        {
            if (rule.On is not null)
                failed.Reason = $"{failed.Reason} The rule for {TypeName.Of(rule.On)} allows {Retries(rule)}.".TrimStart();
            return failed;
        }
        if (state is not (ScheduledState or EnqueuedState))
            return state;
        var requested = RequestedDelays.Of(failed.Exception);
        var delay = requested ?? (state is ScheduledState scheduled ? DelayOf(scheduled) : TimeSpan.Zero);
        var reason = Reason(failed.Exception.Message, attempt, rule, requested);
        return delay == TimeSpan.Zero
            ? new EnqueuedState { Reason = reason }
            : new RetryState(failed, (time.GetUtcNow() + delay).UtcDateTime) { Reason = reason };
    }

    private static string Retries(FailureRule rule) => rule.Retry.Attempts switch
    {
        0 => "no retry",
        1 => "1 retry",
        var several => string.Create(CultureInfo.InvariantCulture, $"{several} retries"),
    };

    // Hangfire adds the delay, which has whole seconds, to the time of the system.
    private static TimeSpan DelayOf(ScheduledState retried) =>
        TimeSpan.FromSeconds(Math.Round((retried.EnqueueAt - retried.ScheduledAt).TotalSeconds));

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
