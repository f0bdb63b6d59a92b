using System.CommandLine;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Cancels a workflow.</summary>
internal sealed class WorkflowActionCommand : Command
{
    private readonly Argument<string> _id = new("id") { Description = "The id of the workflow." };
    private readonly ActionOptions _action = new();

    public WorkflowActionCommand(CommandRunner runner)
        : base("cancel", "Cancel a workflow: its jobs that have not ended are deleted.")
    {
        Add(_id);
        _action.AddTo(this);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var request = new JobActionRequest
        {
            Kind = JobActionKind.CancelWorkflow,
            WorkflowId = call.Get(_id),
            Reason = _action.ReasonAlone(call),
            User = _action.By(call),
        };
        using var monitor = call.Location.Observe(call.Environment.Time, _action.Audits(call));
        return ActionReport.Write(call, await monitor.ExecuteAsync(request, null, cancellationToken).ConfigureAwait(false));
    }
}
