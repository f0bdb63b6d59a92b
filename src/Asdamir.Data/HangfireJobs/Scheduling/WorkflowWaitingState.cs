using System.Globalization;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>Hangfire's Awaiting, for a job that waits for others of its workflow.</summary>
internal sealed class WorkflowWaitingState(string workflowId, int parents) : IState
{
    public string Name => AwaitingState.StateName;

    public string? Reason => null;

    public bool IsFinal => false;

    public bool IgnoreJobLoadException => false;

    public Dictionary<string, string> SerializeData() => new()
    {
        ["Workflow"] = workflowId,
        ["Parents"] = parents.ToString(CultureInfo.InvariantCulture),
    };
}
