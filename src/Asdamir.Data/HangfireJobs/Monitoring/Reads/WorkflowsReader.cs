using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Reads workflows.</summary>
internal sealed class WorkflowsReader(JobStorage storage, SecretMask mask)
{
    private const int MostEdges = 10_000;

    /// <param name="app">Only those of this app's queue; <see langword="null"/> for all.</param>
    /// <param name="before">Those created before the one with this id; <see langword="null"/> to begin with the newest.</param>
    /// <param name="size">How many.</param>
    /// <returns>None on a storage without workflows.</returns>
    public IReadOnlyList<WorkflowSummary> Read(string? app, string? before, int size) =>
        storage is IJobWorkflows workflows ? [.. workflows.ListWorkflows(app, before, size).Select(SummaryOf)] : [];

    /// <param name="app">Only one of this app's queue; <see langword="null"/> for any.</param>
    public WorkflowDetails? Find(string id, string? app, string? after, int size)
    {
        if (storage is not IJobWorkflows workflows
            || workflows.FindWorkflow(id) is not { } workflow
            || (app is not null && workflow.Queue != app))
        {
            return null;
        }
        var members = workflows.WorkflowMembers(id, after, size);
        return new WorkflowDetails
        {
            Workflow = SummaryOf(workflow),
            Jobs = [.. members.Select(static member => new WorkflowMember
            {
                Id = member.JobId,
                Name = StoredMethod.Cut(member.Name, StoredMethod.LongestName),
                State = member.State,
                StateAt = Utc(member.StateAt),
                WaitsFor = member.Open,
            })],
            Next = members.Count == size ? members[^1].JobId : null,
            Edges = members.Count == 0 ? [] : [.. workflows
                .WorkflowEdges([.. members.Select(static member => member.JobId)], MostEdges)
                .Select(static edge => new WorkflowEdge { Parent = edge.Parent, Child = edge.Child, When = WhenOf(edge.Condition) })],
        };
    }

    private WorkflowSummary SummaryOf(JobWorkflowStatus workflow) => new()
    {
        Id = workflow.Id,
        Queue = workflow.Queue,
        Name = mask.Of(workflow.Name)!,
        State = workflow.FinishedAt is null ? WorkflowState.Running
            : workflow.CancelledAt is not null ? WorkflowState.Cancelled
            : workflow.Failed > 0 ? WorkflowState.Failed
            : WorkflowState.Succeeded,
        CreatedAt = Utc(workflow.CreatedAt)!.Value,
        FinishedAt = Utc(workflow.FinishedAt),
        Jobs = workflow.Members,
        Waiting = workflow.Waiting,
        Running = workflow.Running,
        Succeeded = workflow.Succeeded,
        Failed = workflow.Failed,
        Deleted = workflow.Deleted,
        CancelledAt = Utc(workflow.CancelledAt),
        CancelledBy = workflow.CancelledBy,
        CancelReason = mask.Of(workflow.CancelReason),
        OnFinished = workflow.OnFinished,
    };

    private static After WhenOf(JobWorkflowCondition condition) => condition switch
    {
        JobWorkflowCondition.Failed => After.Failed,
        JobWorkflowCondition.Finished => After.Finished,
        _ => After.Succeeded,
    };

    private static DateTimeOffset? Utc(DateTime? at) => at is { } time ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : null;
}
