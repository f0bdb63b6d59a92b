using System.CommandLine;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Lists the queues.</summary>
internal sealed class QueuesCommand : Command
{
    private readonly Option<string?> _app = new("--app") { Description = "Only the queue of this app.", HelpName = "queue" };

    public QueuesCommand(CommandRunner runner)
        : base("queues", "List the queues with what waits in them, and how many servers listen.")
    {
        Add(_app);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var queues = await monitor.GetQueuesAsync(call.Get(_app), cancellationToken).ConfigureAwait(false);
        if (call.IsJson)
        {
            call.WriteJson(
                new QueuesDocument([.. queues.Select(queue => QueueDocument.Of(queue, call.Now))]), ToolJson.Default.QueuesDocument);
            return ExitCode.Done;
        }
        var table = new TextTable("QUEUE", "WAITING", "OLDEST", "CLAIMED", "SERVERS", "");
        foreach (var queue in queues)
        {
            table.Add(
                queue.Name, queue.Waiting, queue.OldestAt is { } at ? Times.Of(call.Now - at) : "", queue.Claimed, queue.Servers,
                StatusOf(queue));
        }
        table.Write(call.Terminal, "No queue has jobs, had a server within a day, or is paused.");
        return ExitCode.Done;
    }

    private static Cell StatusOf(QueueSummary queue) =>
        queue.Pause is { } pause ? new Cell(PauseText.Of(pause), Color.Yellow)
        : queue.IsUnserved ? new Cell("no server", Color.Red)
        : default;
}
