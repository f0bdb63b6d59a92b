using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Records the queues of plain Hangfire jobs, so that a queue without a server is detected.</summary>
internal sealed class PlainQueueFilter(PlainQueues queues) : IApplyStateFilter
{
    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        // As in Hangfire, the queue of the job takes precedence over that of the state.
        if (context.NewState is EnqueuedState state)
            queues.Add(context.BackgroundJob.Job?.Queue ?? state.Queue);
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }
}
