using System.CommandLine;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Lists the limits.</summary>
internal sealed class LimitsCommand : Command
{
    private readonly Option<string?> _app = new("--app") { Description = "Only those of this app, by its queue.", HelpName = "queue" };

    public LimitsCommand(CommandRunner runner)
        : base("limits", "List the limits of apps with what runs and waits under them, and change them.")
    {
        Add(_app);
        Add(new LimitActionCommand(runner, takesValues: true));
        Add(new LimitActionCommand(runner, takesValues: false));
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var limits = await monitor.GetLimitsAsync(call.Get(_app), cancellationToken).ConfigureAwait(false);
        if (call.IsJson)
        {
            call.WriteJson(new LimitsDocument([.. limits.Select(LimitDocument.Of)]), ToolJson.Default.LimitsDocument);
            return ExitCode.Done;
        }
        var table = new TextTable("LIMIT", "APP", "RUNNING", "WAITING", "MOST", "DECLARED", "CHANGED");
        foreach (var limit in limits)
        {
            table.Add(
                limit.Name, limit.Queue, limit.Running, limit.Waiting, JobLimits.TextOf(limit.MaxRunning, limit.Rate, limit.Skips),
                JobLimits.TextOf(limit.Declared, limit.DeclaredRate), ChangeOf(limit));
        }
        table.Write(call.Terminal, "No app has declared a limit.");
        return ExitCode.Done;
    }

    private static Cell ChangeOf(LimitSummary limit) => !limit.IsChanged
        ? default
        : new Cell(
            $"{Times.Of(limit.ChangedAt)} by {limit.ChangedBy}{(limit.Reason is { } reason ? $": {reason}" : "")}", Color.Yellow);
}
