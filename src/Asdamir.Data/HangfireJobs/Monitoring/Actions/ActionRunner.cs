using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Finds the action of a request.</summary>
internal sealed class ActionRunner(
    JobListReader jobs, JobTransitions transitions, RecurringJobs recurring, JobStorage storage, QueuesReader queues,
    LimitAction limits, WorkflowAction workflows, Func<string, bool> mayActOn)
{
    /// <param name="name">Gets the ids of the next jobs that a filter selects, before anything is done to them.</param>
    public delegate Task<JobActionResult> Work(
        Func<IReadOnlyList<string>, ValueTask>? name, IProgress<JobActionResult>? progress, CancellationToken cancellationToken);

    /// <exception cref="ArgumentException">
    /// The request has no target, more than one, or one that does not fit its kind; or its number is out of range.
    /// </exception>
    public Work Prepare(JobActionRequest request)
    {
        if (ActionKinds.OnJobs.FirstOrDefault(kind => kind.Kind == request.Kind) is { } onJobs)
        {
            return IsFor(request, (object?)request.Jobs ?? request.Filter)
                ? OnJobs(new StoredJobAction(onJobs, jobs, transitions), request)
                : throw WrongTarget(request, "Jobs or Filter");
        }
        if (ActionKinds.OnRecurringJobs.FirstOrDefault(kind => kind.Kind == request.Kind) is { } onRecurringJobs)
        {
            return IsFor(request, request.RecurringJobId)
                ? OnRecurring(new RecurringAction(onRecurringJobs, recurring), request)
                : throw WrongTarget(request, "RecurringJobId");
        }
        if (ActionKinds.OnQueues.FirstOrDefault(kind => kind.Kind == request.Kind) is { } onQueues)
        {
            return IsFor(request, request.Queue is "" ? null : request.Queue, mayEnd: onQueues.HasEnd)
                ? OnQueue(new QueueAction(onQueues, storage, queues), request)
                : throw WrongTarget(request, onQueues.HasEnd ? "Queue, Until if it is to end," : "Queue");
        }
        if (ActionKinds.OnLimits.FirstOrDefault(kind => kind.Kind == request.Kind) is { } onLimits)
        {
            var limit = request.Limit is { Queue: not null, Name: not null } named ? named : null;
            if (!IsFor(request, limit, hasValues: onLimits.TakesValues))
                throw WrongTarget(request, onLimits.TakesValues ? "Limit, and MaxRunning or Rate or both," : "Limit");
            if (request.MaxRunning is < 0 or > JobLimits.MaxRunning)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(request), request.MaxRunning,
                    "MaxRunning is out of range. Fix: use a number from 0, with which no job begins, to 1000000.");
            }
            if (request.Rate is { } rate && JobRate.FaultOf(rate.ToString()) is { } fault)
                throw new ArgumentOutOfRangeException(nameof(request), rate, $"The rate {fault}");
            return OnLimit(request);
        }
        if (ActionKinds.OnWorkflows.Any(kind => kind.Kind == request.Kind))
        {
            return IsFor(request, request.WorkflowId is "" ? null : request.WorkflowId)
                ? OnWorkflow(request)
                : throw WrongTarget(request, "WorkflowId");
        }
        throw new ArgumentException(
            $"Kind = {request.Kind} is not a kind of action. Fix: use a member of {nameof(JobActionKind)}.", nameof(request));
    }

    // Exactly one target, and nothing that the kind does not take.
    private static bool IsFor(JobActionRequest request, object? target, bool mayEnd = false, bool hasValues = false) =>
        target is not null
            && new object?[] { request.Jobs, request.Filter, request.RecurringJobId, request.Queue, request.Limit, request.WorkflowId }
                .Count(static given => given is not null) == 1
            && (mayEnd || request.Until is null)
            && (request.MaxRunning is not null || request.Rate is not null) == hasValues;

    private Work OnJobs(StoredJobAction action, JobActionRequest request) => (name, progress, cancellationToken) =>
        request.Filter is { } filter
            ? action.OnMatchingAsync(filter, request.Reason, mayActOn, progress, cancellationToken, name)
            : action.OnJobsAsync(
                request.Jobs!.Select(static job => (job.Id, job.ExpectedState)), request.Reason, mayActOn, progress, cancellationToken);

    private Work OnRecurring(RecurringAction action, JobActionRequest request) => (_, _, cancellationToken) =>
        DedicatedThread.RunAsync(() => action.On(request.RecurringJobId!, request.Reason, mayActOn), cancellationToken);

    private Work OnQueue(QueueAction action, JobActionRequest request) => (_, _, cancellationToken) =>
        DedicatedThread.RunAsync(() => action.On(request, mayActOn), cancellationToken);

    private Work OnLimit(JobActionRequest request) => (_, _, cancellationToken) => DedicatedThread.RunAsync(
        () => limits.On(request, mayActOn), cancellationToken);

    private Work OnWorkflow(JobActionRequest request) => (_, _, cancellationToken) => DedicatedThread.RunAsync(
        () => workflows.Cancel(request.WorkflowId!, request.User, request.Reason, mayActOn), cancellationToken);

    private static ArgumentException WrongTarget(JobActionRequest request, string wanted) =>
        new($"Kind = {request.Kind} has no target, or not the right one. Fix: set {wanted}, and nothing else.", nameof(request));
}
