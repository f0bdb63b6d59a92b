using Asdamir.Data.HangfireJobs.Runs;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Sets how long a finished run is kept, and lets a requeued run start over.</summary>
internal sealed class RunLifecycle(HangfireJobsRetentionOptions retention) : IApplyStateFilter
{
    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        switch (context.NewState)
        {
            case SucceededState:
                context.JobExpirationTimeout = retention.Succeeded;
                break;
            case DeletedState:
                context.JobExpirationTimeout = retention.Deleted;
                break;
            case RequeuedState:
                RunParameters.Set(context.Connection, context.BackgroundJob.Id, RunParameters.RetryCount, 0);
                RunParameters.Set(context.Connection, context.BackgroundJob.Id, RunParameters.LostDeliveries, 0);
                break;
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }
}
