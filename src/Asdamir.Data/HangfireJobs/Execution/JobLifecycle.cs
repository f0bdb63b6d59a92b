using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Sets how long a finished job is kept, and resets the attempts of a requeued job.</summary>
internal sealed class JobLifecycle(HangfireJobsRetentionOptions retention) : IApplyStateFilter
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
                JobParameters.Set(context.Connection, context.BackgroundJob.Id, JobParameters.RetryCount, 0);
                JobParameters.Set(context.Connection, context.BackgroundJob.Id, JobParameters.LostDeliveries, 0);
                break;
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }
}
