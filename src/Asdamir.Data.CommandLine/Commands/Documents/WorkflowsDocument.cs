using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands.Documents;

internal sealed record WorkflowsDocument(IReadOnlyList<WorkflowDocument> Workflows);

internal sealed record WorkflowDocument(
    string Id, string Queue, string Name, WorkflowState State, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, long Jobs,
    long Waiting, long Running, long Succeeded, long Failed, long Deleted, DateTimeOffset? CancelledAt, string? CancelledBy,
    string? CancelReason, string? OnFinished)
{
    public static WorkflowDocument Of(WorkflowSummary flow) => new(
        flow.Id, flow.Queue, flow.Name, flow.State, flow.CreatedAt, flow.FinishedAt, flow.Jobs, flow.Waiting, flow.Running,
        flow.Succeeded, flow.Failed, flow.Deleted, flow.CancelledAt, flow.CancelledBy, flow.CancelReason, flow.OnFinished);
}
