using System.Runtime.CompilerServices;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Hangfire's AutomaticRetry, except for failures that must not be retried.</summary>
internal sealed class RetryFilter(AutomaticRetryAttribute retry) : IElectStateFilter, IApplyStateFilter
{
    private static readonly ConditionalWeakTable<FailedState, IState> Elected = [];

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is not FailedState failed)
        {
            retry.OnStateElection(context);
            return;
        }
        if (PermanentFailures.Contains(failed.Exception))
            return;
        // Hangfire counts a retry before it writes the new state. Should writing fail, it elects the same failure again.
        if (Elected.TryGetValue(failed, out var elected))
        {
            context.CandidateState = elected;
            return;
        }
        retry.OnStateElection(context);
        Elected.AddOrUpdate(failed, context.CandidateState);
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => retry.OnStateApplied(context, transaction);

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => retry.OnStateUnapplied(context, transaction);
}
