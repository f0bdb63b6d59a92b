using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Finds the action of a request.</summary>
internal sealed class ActionRunner(
    JobListReader jobs, JobTransitions transitions, RecurringJobs recurring, JobStorage storage, QueuesReader queues,
    Func<string, bool> mayActOn)
{
    /// <param name="name">Gets the ids of the next jobs that a filter selects, before anything is done to them.</param>
    public delegate Task<JobActionResult> Work(
        Func<IReadOnlyList<string>, ValueTask>? name, IProgress<JobActionResult>? progress, CancellationToken cancellationToken);

    /// <exception cref="ArgumentException">The request has no target, more than one, or one that does not fit its kind.</exception>
    public Work Prepare(JobActionRequest request)
    {
        if (ActionKinds.OnJobs.FirstOrDefault(kind => kind.Kind == request.Kind) is { } onJobs)
        {
            return request is { RecurringJobId: null, Queue: null, Until: null } && request.Jobs is null != request.Filter is null
                ? OnJobs(new StoredJobAction(onJobs, jobs, transitions), request)
                : throw WrongTarget(request, "Jobs or Filter");
        }
        if (ActionKinds.OnRecurringJobs.FirstOrDefault(kind => kind.Kind == request.Kind) is { } onRecurringJobs)
        {
            return request is { RecurringJobId: not null, Jobs: null, Filter: null, Queue: null, Until: null }
                ? OnRecurring(new RecurringAction(onRecurringJobs, recurring), request)
                : throw WrongTarget(request, "RecurringJobId");
        }
        if (ActionKinds.OnQueues.FirstOrDefault(kind => kind.Kind == request.Kind) is { } onQueues)
        {
            return request is { Queue.Length: > 0, Jobs: null, Filter: null, RecurringJobId: null }
                && (onQueues.HasEnd || request.Until is null)
                ? OnQueue(new QueueAction(onQueues, storage, queues), request)
                : throw WrongTarget(request, onQueues.HasEnd ? "Queue, Until if it is to end," : "Queue");
        }
        throw new ArgumentException(
            $"Kind = {request.Kind} is not a kind of action. Fix: use a member of {nameof(JobActionKind)}.", nameof(request));
    }

    private Work OnJobs(StoredJobAction action, JobActionRequest request) => (name, progress, cancellationToken) =>
        request.Filter is { } filter
            ? action.OnMatchingAsync(filter, request.Reason, mayActOn, progress, cancellationToken, name)
            : action.OnJobsAsync(
                request.Jobs!.Select(static job => (job.Id, job.ExpectedState)), request.Reason, mayActOn, progress, cancellationToken);

    private Work OnRecurring(RecurringAction action, JobActionRequest request) => (_, _, cancellationToken) =>
        DedicatedThread.RunAsync(() => action.On(request.RecurringJobId!, request.Reason, mayActOn), cancellationToken);

    private Work OnQueue(QueueAction action, JobActionRequest request) => (_, _, cancellationToken) =>
        DedicatedThread.RunAsync(() => action.On(request, mayActOn), cancellationToken);

    private static ArgumentException WrongTarget(JobActionRequest request, string wanted) =>
        new($"Kind = {request.Kind} has no target, or not the right one. Fix: set {wanted}, and nothing else.", nameof(request));
}
