using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Shell;

/// <summary>The actions of all features.</summary>
internal sealed class ConsoleActions
{
    private readonly Dictionary<JobActionKind, ConsoleAction> _actions = [];

    public void Add(ConsoleAction action) => _actions.Add(action.Kind, action);

    public ConsoleAction Of(JobActionKind kind) => _actions[kind];
}
