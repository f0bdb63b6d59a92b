using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Decides about runs that this process does not load. One of another queue is moved there as it is; one of this app's queues
/// fails. Hangfire would fail both, and would need the job's type to know the filters. Hangfire's own jobs that strayed are
/// handed back here as well: the filters also serve a server of Hangfire's in the process, which has other queues.
/// </summary>
internal sealed class UnloadedJobs(IBackgroundJobStateChanger inner, IReadOnlySet<string> ownQueues) : IBackgroundJobStateChanger
{
    public IState ChangeState(StateChangeContext context) =>
        context.NewState is ProcessingState or EnqueuedState
        && JobTransitions.TryGet(context.Connection, context.BackgroundJobId) is { } run
        && Decide(context.NewState, run) is { } decided
            ? inner.ChangeState(With(decided, context))
            : inner.ChangeState(context);

    private IState? Decide(IState wanted, JobData run)
    {
        if (run.LoadException is { } error)
            return (IState?)HandOver(wanted, run.InvocationData?.Queue) ?? new RefusedState(error.InnerException ?? error);
        return wanted is ProcessingState && run.Job is { } job && !JobEnvelope.TryUnwrap(job, out _, out _) ? HandOver(wanted, job.Queue) : null;
    }

    private HandedOverState? HandOver(IState wanted, string? queue) =>
        // No worker has taken it yet; the one that does decides.
        wanted is EnqueuedState enqueued ? HandedOverState.TryCreate(queue ?? enqueued.Queue, enqueued.Reason)
        : queue is null || ownQueues.Contains(queue) ? null
        : HandedOverState.TryCreate(queue, $"Handed back to queue '{queue}', where it belongs");

    private static StateChangeContext With(IState state, StateChangeContext context) =>
        new(context.Storage, context.Connection, context.Transaction, context.BackgroundJobId, state, context.ExpectedStates, context.CancellationToken)
        {
            ServerId = context.ServerId,
        };
}
