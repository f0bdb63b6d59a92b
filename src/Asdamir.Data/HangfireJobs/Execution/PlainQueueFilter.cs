using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Notes where plain Hangfire jobs go, so that a queue without a server is noticed.</summary>
internal sealed class PlainQueueFilter(PlainQueues queues) : IApplyStateFilter
{
    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        // As Hangfire decides: the queue of the job goes before that of the state.
        if (context.NewState is EnqueuedState state)
            queues.Add(context.BackgroundJob.Job?.Queue ?? state.Queue);
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }
}
