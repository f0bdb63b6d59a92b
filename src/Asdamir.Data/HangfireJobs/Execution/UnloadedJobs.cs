using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Decides about jobs that this process does not load. A job of another queue is moved there unchanged; a job of this app's queues
/// fails. Hangfire would fail both, and would need the type to find its filters. Plain Hangfire jobs on the wrong queue are
/// returned here as well: the filters also serve a Hangfire server in the process, which has other queues.
/// </summary>
internal sealed class UnloadedJobs(IBackgroundJobStateChanger inner, IReadOnlySet<string> ownQueues) : IBackgroundJobStateChanger
{
    public IState ChangeState(StateChangeContext context) =>
        context.NewState is ProcessingState or EnqueuedState
        && JobTransitions.TryGet(context.Connection, context.BackgroundJobId) is { } job
        && Decide(context.NewState, job) is { } decided
            ? inner.ChangeState(With(decided, context))
            : inner.ChangeState(context);

    private IState? Decide(IState wanted, JobData data)
    {
        if (data.LoadException is { } error)
            return (IState?)HandOver(wanted, data.InvocationData?.Queue) ?? new RefusedState(error.InnerException ?? error);
        return wanted is ProcessingState && data.Job is { } job && !JobEnvelope.TryUnwrap(job, out _, out _)
            ? HandOver(wanted, job.Queue)
            : null;
    }

    private HandedOverState? HandOver(IState wanted, string? queue) =>
        // No worker has taken it yet; the worker that takes it decides.
        wanted is EnqueuedState enqueued ? HandedOverState.TryCreate(queue ?? enqueued.Queue, enqueued.Reason)
        : queue is null || ownQueues.Contains(queue) ? null
        : HandedOverState.TryCreate(queue, $"Handed back to queue '{queue}', where it belongs");

    private static StateChangeContext With(IState state, StateChangeContext context) =>
        new(
            context.Storage, context.Connection, context.Transaction, context.BackgroundJobId, state, context.ExpectedStates,
            context.CancellationToken)
        {
            ServerId = context.ServerId,
        };
}
