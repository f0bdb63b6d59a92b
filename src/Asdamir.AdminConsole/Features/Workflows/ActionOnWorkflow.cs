using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Features.Workflows;

/// <summary>An action on a workflow, and its words. It always asks for a reason.</summary>
public sealed record ActionOnWorkflow : ConsoleAction
{
    public static ActionOnWorkflow Cancel { get; } = new()
    {
        Kind = JobActionKind.CancelWorkflow,
        Name = static () => WorkflowsTexts.CancelFlow,
        Done = WorkflowsTexts.FormatCancelDone,
    };
}
