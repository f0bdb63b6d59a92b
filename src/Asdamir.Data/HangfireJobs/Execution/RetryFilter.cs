using System.Runtime.CompilerServices;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Hangfire's AutomaticRetry, except for failures that must not be retried.</summary>
internal sealed class RetryFilter(AutomaticRetryAttribute retry) : IElectStateFilter, IApplyStateFilter
{
    private const string RetryCount = "RetryCount";

    private static readonly ConditionalWeakTable<FailedState, StrongBox<int>> RetriesBefore = [];

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is FailedState failed)
        {
            if (PermanentFailures.Contains(failed.Exception))
                return;
            CountOnce(failed, context);
        }
        retry.OnStateElection(context);
    }

    // Hangfire counts a retry before it writes the new state. Should writing fail, it elects the same failure again.
    private static void CountOnce(FailedState failed, ElectStateContext context)
    {
        var counted = context.GetJobParameter<int>(RetryCount);
        var before = RetriesBefore.GetValue(failed, _ => new StrongBox<int>(counted)).Value;
        if (counted != before)
            context.SetJobParameter(RetryCount, before);
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => retry.OnStateApplied(context, transaction);

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => retry.OnStateUnapplied(context, transaction);
}
