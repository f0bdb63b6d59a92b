using System.CommandLine;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.CommandLine.Connections;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Lists workflows.</summary>
internal sealed class WorkflowsCommand : Command
{
    private const int MaxSize = 1_000;

    private readonly Option<string?> _app = new("--app") { Description = "Only those of this app, by its queue.", HelpName = "queue" };

    private readonly Option<int> _size = new("--size")
    {
        Description = $"How many, from 1 to {MaxSize}.", DefaultValueFactory = static _ => 50, HelpName = "number",
    };

    private readonly Option<string?> _before = new("--before") { Description = "Only those before this one.", HelpName = "id" };

    public WorkflowsCommand(CommandRunner runner)
        : base("workflows", "List workflows with their progress, the newest first, and cancel them.")
    {
        Add(_app);
        Add(_size);
        Add(_before);
        Add(new WorkflowActionCommand(runner));
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        if (call.Get(_size) is < 1 or > MaxSize)
            throw new UsageException($"--size is out of range. Fix: use a number from 1 to {MaxSize}.");
        var workflows = await monitor.GetWorkflowsAsync(call.Get(_size), call.Get(_before), call.Get(_app), cancellationToken)
            .ConfigureAwait(false);
        if (call.IsJson)
        {
            call.WriteJson(new WorkflowsDocument([.. workflows.Select(WorkflowDocument.Of)]), ToolJson.Default.WorkflowsDocument);
            return ExitCode.Done;
        }
        var table = new TextTable(
            "ID", "WORKFLOW", "APP", "STATE", "JOBS", "WAITING", "RUNNING", "SUCCEEDED", "FAILED", "DELETED", "CREATED");
        foreach (var flow in workflows)
        {
            table.Add(
                flow.Id, flow.Name, flow.Queue, new Cell(flow.State.ToString(), ColorOf(flow.State)), flow.Jobs, flow.Waiting,
                flow.Running, flow.Succeeded, flow.Failed, flow.Deleted, Times.Of(flow.CreatedAt));
        }
        table.Write(call.Terminal, "There are no workflows.");
        return ExitCode.Done;
    }

    private static Color ColorOf(WorkflowState state) => state switch
    {
        WorkflowState.Failed => Color.Red,
        WorkflowState.Cancelled => Color.Yellow,
        WorkflowState.Succeeded => Color.Green,
        _ => Color.None,
    };
}
