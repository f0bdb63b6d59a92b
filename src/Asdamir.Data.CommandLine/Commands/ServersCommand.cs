using System.CommandLine;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Lists the servers.</summary>
internal sealed class ServersCommand : Command
{
    private readonly Option<string?> _app = new("--app") { Description = "Only servers of this app, by its queue.", HelpName = "queue" };

    public ServersCommand(CommandRunner runner)
        : base("servers", "List the servers of the last 24 hours, also those that have ended.")
    {
        Add(_app);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var servers = await monitor.GetServersAsync(call.Get(_app), cancellationToken).ConfigureAwait(false);
        if (call.IsJson)
        {
            call.WriteJson(new ServersDocument([.. servers.Select(ServerDocument.Of)]), ToolJson.Default.ServersDocument);
            return ExitCode.Done;
        }
        var table = new TextTable("STATE", "QUEUES", "WORKERS", "STARTED", "LAST SEEN", "SERVER");
        foreach (var server in servers)
        {
            var state = server.State.ToString();
            table.Add(
                new Cell(state, States.ColorOf(state)), string.Join(", ", server.Queues), server.Workers, server.StartedAt,
                server.LastSeenAt, server.Id);
        }
        table.Write(call.Terminal, "No server has run within a day.");
        return ExitCode.Done;
    }
}
