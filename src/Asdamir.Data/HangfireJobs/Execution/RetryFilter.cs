using System.Runtime.CompilerServices;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Hangfire's AutomaticRetry, except for failures that must not be retried.</summary>
internal sealed class RetryFilter(AutomaticRetryAttribute retry) : IElectStateFilter, IApplyStateFilter
{
    private static readonly ConditionalWeakTable<FailedState, IState> Elected = [];

    // OnlyOn and ExceptOn are checked here: the attribute would compare them with the stand-in of an exception that cannot be stored.
    private readonly AutomaticRetryAttribute _ofAnyType = OfAnyType(retry);

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is not FailedState failed)
        {
            retry.OnStateElection(context);
            return;
        }
        if (PermanentFailures.Contains(failed.Exception) || !IsRetried(StorableException.OriginalOf(failed.Exception)))
            return;
        // Hangfire counts a retry before it writes the new state. Should writing fail, it elects the same failure again.
        if (Elected.TryGetValue(failed, out var elected))
        {
            context.CandidateState = elected;
            return;
        }
        _ofAnyType.OnStateElection(context);
        Elected.AddOrUpdate(failed, context.CandidateState);
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => retry.OnStateApplied(context, transaction);

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => retry.OnStateUnapplied(context, transaction);

    private bool IsRetried(Exception exception) =>
        (retry.OnlyOn is not { Length: > 0 } onlyOn || Array.Exists(onlyOn, type => type.IsInstanceOfType(exception)))
        && (retry.ExceptOn is not { Length: > 0 } exceptOn || !Array.Exists(exceptOn, type => type.IsInstanceOfType(exception)));

    private static AutomaticRetryAttribute OfAnyType(AutomaticRetryAttribute retry) =>
        retry is { OnlyOn: null or [], ExceptOn: null or [] }
            ? retry
            : new AutomaticRetryAttribute
            {
                Attempts = retry.Attempts,
                DelaysInSeconds = retry.DelaysInSeconds,
                DelayInSecondsByAttemptFunc = retry.DelayInSecondsByAttemptFunc,
                OnAttemptsExceeded = retry.OnAttemptsExceeded,
                LogEvents = retry.LogEvents,
            };
}
