using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Finds the action of a request. The place where a new kind of action is added.</summary>
internal sealed class ActionRunner(JobListReader jobs, JobTransitions transitions, RecurringJobs recurring, Func<string, bool> mayActOn)
{
    /// <param name="name">Gets the ids of the next jobs that a filter selects, before anything is done to them.</param>
    public delegate Task<JobActionResult> Work(
        Func<IReadOnlyList<string>, ValueTask>? name, IProgress<JobActionResult>? progress, CancellationToken cancellationToken);

    /// <exception cref="ArgumentException">The request has no target, more than one, or one that does not fit its kind.</exception>
    public Work Prepare(JobActionRequest request)
    {
        var isRecurring = request.RecurringJobId is not null;
        var fits = request.Kind is JobActionKind.Requeue or JobActionKind.Delete
            ? !isRecurring && request.Jobs is null != request.Filter is null
            : isRecurring && request.Jobs is null && request.Filter is null;
        if (!fits)
        {
            var wanted = request.Kind is JobActionKind.Requeue or JobActionKind.Delete ? "Jobs or Filter" : "RecurringJobId";
            throw new ArgumentException($"Kind = {request.Kind} has no target, or not the right one. Fix: set {wanted}, and nothing else.", nameof(request));
        }
        return request.Kind switch
        {
            JobActionKind.Requeue => OnJobs(new RequeueAction(jobs, transitions), request),
            JobActionKind.Delete => OnJobs(new DeleteAction(jobs, transitions), request),
            JobActionKind.Trigger => OnRecurring(new TriggerAction(recurring), request),
            JobActionKind.Pause => OnRecurring(new PauseAction(recurring), request),
            JobActionKind.Resume => OnRecurring(new ResumeAction(recurring), request),
            _ => throw new ArgumentException($"Kind = {request.Kind} is not a kind of action. Fix: use a member of {nameof(JobActionKind)}.", nameof(request)),
        };
    }

    private Work OnJobs(StoredJobAction action, JobActionRequest request) => (name, progress, cancellationToken) =>
        request.Filter is { } filter
            ? action.OnMatchingAsync(filter, request.Reason, mayActOn, progress, cancellationToken, name)
            : action.OnJobsAsync(request.Jobs!.Select(static job => (job.Id, job.ExpectedState)), request.Reason, mayActOn, progress, cancellationToken);

    private Work OnRecurring(RecurringAction action, JobActionRequest request) => (_, _, cancellationToken) =>
        DedicatedThread.RunAsync(() => action.On(request.RecurringJobId!, request.Reason, mayActOn), cancellationToken);
}
