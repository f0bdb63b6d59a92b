using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>
/// All kinds of action. The place where a new one is added: the actions and the routes of the API are made from these lines.
/// </summary>
internal static class ActionKinds
{
    public static IReadOnlyList<JobsActionKind> OnJobs { get; } =
    [
        new()
        {
            Kind = JobActionKind.Requeue,
            Summary = "Put a job back into its queue",
            SummaryOfMany = "Put many jobs back into their queues",
            Details = "A failed, succeeded, deleted or scheduled job starts over with all its attempts. "
                + "A job that waits in its queue or is being executed is refused.",
            Execute = static (transitions, id, reason, isMine, expected) =>
                transitions.Requeue(id, reason ?? "Requeued by an operator", isMine, expected),
        },
        new()
        {
            Kind = JobActionKind.Delete,
            Summary = "Delete a job",
            SummaryOfMany = "Delete many jobs",
            Details = "The token of a job that is being executed is cancelled within 5 seconds.",
            Execute = static (transitions, id, reason, isMine, expected) =>
                transitions.Delete(id, reason ?? "Deleted by an operator", isMine, expected),
        },
    ];

    public static IReadOnlyList<RecurringActionKind> OnRecurringJobs { get; } =
    [
        new()
        {
            Kind = JobActionKind.Trigger,
            Summary = "Start a recurring job now",
            Result = "The result of the action; jobId is the new job.",
            MayConflict = true,
            Execute = static (recurring, id, reason) =>
                recurring.Trigger(id, reason ?? "Triggered by an operator") is { } jobId
                    ? JobActionResult.Success with { JobId = jobId }
                    : null,
        },
        new()
        {
            Kind = JobActionKind.Pause,
            Summary = "Pause a recurring job, also across restarts",
            Execute = static (recurring, id, reason) => recurring.Pause(id, reason) ? JobActionResult.Success : null,
        },
        new()
        {
            Kind = JobActionKind.Resume,
            Summary = "Resume a paused recurring job",
            MayConflict = true,
            Execute = static (recurring, id, _) => recurring.Resume(id) ? JobActionResult.Success : null,
        },
        new()
        {
            Kind = JobActionKind.Remove,
            Summary = "Remove a recurring job, until its app declares it again",
            Execute = static (recurring, id, _) => recurring.Remove(id) ? JobActionResult.Success : null,
        },
    ];

    public static IReadOnlyList<QueueActionKind> OnQueues { get; } =
    [
        new()
        {
            Kind = JobActionKind.PauseQueue,
            Verb = "pause",
            Summary = "Pause a queue, and so an app",
            Details = "The queue accepts jobs, and none of them is begun by any process; jobs that are being executed end. It holds also "
                + "while no process of the app runs. For a paused queue it replaces reason and end.",
            HasEnd = true,
            Execute = static (pauses, request) =>
            {
                pauses.Pause(JobPauseKind.Queue, request.Queue!, request.Reason, request.User, request.Until);
                return true;
            },
        },
        new()
        {
            Kind = JobActionKind.ResumeQueue,
            Verb = "resume",
            Summary = "Resume a paused queue",
            Details = "The waiting jobs are begun in their order.",
            Refusal = "is not paused.",
            Execute = static (pauses, request) => pauses.EndPause(JobPauseKind.Queue, request.Queue!),
        },
    ];

    /// <summary>The actions on limits.</summary>
    public static IReadOnlyList<LimitActionKind> OnLimits { get; } =
    [
        new()
        {
            Kind = JobActionKind.ChangeLimit,
            Verb = "change",
            Summary = "Change how many jobs of a limit are executed at the same time, or its rate",
            TakesValues = true,
        },
        new() { Kind = JobActionKind.ResetLimit, Verb = "reset", Summary = "Give a limit back to what its app declares" },
    ];

    /// <summary>The actions on workflows.</summary>
    public static IReadOnlyList<WorkflowActionKind> OnWorkflows { get; } =
    [
        new()
        {
            Kind = JobActionKind.CancelWorkflow,
            Verb = "cancel",
            Summary = "Cancel a workflow",
            Details = "Its jobs that have not begun are deleted; the tokens of those that are being executed are cancelled within 5 "
                + "seconds. A job for the end of the workflow begins then.",
        },
    ];
}
