using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Hangfire's AutomaticRetry, except for failures that must not be retried. Reports each failed attempt in one line.</summary>
internal sealed partial class RetryFilter(AutomaticRetryAttribute retry, TimeProvider time, ILogger log)
    : IElectStateFilter, IApplyStateFilter
{
    private static readonly ConditionalWeakTable<FailedState, IState> Elected = [];

    // OnlyOn and ExceptOn are checked here: the attribute would compare them with the replacement of an exception that cannot be stored.
    private readonly AutomaticRetryAttribute _ofAnyType = OfAnyType(retry);

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is not FailedState failed)
        {
            retry.OnStateElection(context);
            return;
        }
        // Hangfire counts a retry before it writes the new state. When writing fails, it elects the same failure again.
        if (Elected.TryGetValue(failed, out var elected))
        {
            context.CandidateState = elected;
            return;
        }
        var attempt = context.GetJobParameter<int>(JobParameters.RetryCount, allowStale: true) + 1;
        if (!PermanentFailures.Contains(failed.Exception) && IsRetried(StorableException.OriginalOf(failed.Exception)))
            _ofAnyType.OnStateElection(context);
        if (context.CandidateState is ScheduledState scheduled)
            context.CandidateState = new RetryState(failed, DueAt(scheduled)) { Reason = scheduled.Reason };
        Elected.AddOrUpdate(failed, context.CandidateState);
        Report(context, failed.Exception, attempt);
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => retry.OnStateApplied(context, transaction);

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        retry.OnStateUnapplied(context, transaction);

    // Hangfire adds the delay, which has whole seconds, to the time of the system.
    private DateTime DueAt(ScheduledState retried) =>
        (time.GetUtcNow() + TimeSpan.FromSeconds(Math.Round((retried.EnqueueAt - retried.ScheduledAt).TotalSeconds))).UtcDateTime;

    private bool IsRetried(Exception exception) =>
        (retry.OnlyOn is not { Length: > 0 } onlyOn || Array.Exists(onlyOn, type => type.IsInstanceOfType(exception)))
        && (retry.ExceptOn is not { Length: > 0 } exceptOn || !Array.Exists(exceptOn, type => type.IsInstanceOfType(exception)));

    private static AutomaticRetryAttribute OfAnyType(AutomaticRetryAttribute retry) => new()
    {
        Attempts = retry.Attempts,
        DelaysInSeconds = retry.DelaysInSeconds,
        DelayInSecondsByAttemptFunc = retry.DelayInSecondsByAttemptFunc,
        OnAttemptsExceeded = retry.OnAttemptsExceeded,
        // The context has the envelope, but not the job type.
        LogEvents = false,
    };

    private void Report(ElectStateContext context, Exception exception, int attempt)
    {
        if (!retry.LogEvents || !JobEnvelope.TryUnwrap(context.BackgroundJob.Job, out var jobName, out _))
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
