using System.CommandLine;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Lists the recurring jobs.</summary>
internal sealed class RecurringCommand : Command
{
    private readonly Option<string?> _app = new("--app") { Description = "Only those of this app, by its queue.", HelpName = "queue" };

    public RecurringCommand(CommandRunner runner)
        : base("recurring", "List the recurring jobs.")
    {
        Add(_app);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var app = call.Get(_app);
        var all = await monitor.GetRecurringJobsAsync(cancellationToken).ConfigureAwait(false);
        var shown = all.Where(job => app is null || job.Queue == app).ToList();
        if (call.IsJson)
        {
            call.WriteJson(
                new RecurringJobsDocument([.. shown.Select(RecurringJobDocument.Of)]), ToolJson.Default.RecurringJobsDocument);
            return ExitCode.Done;
        }
        var table = new TextTable("ID", "CRON", "TIME ZONE", "APP", "NEXT", "LAST", "STATUS");
        foreach (var job in shown)
            table.Add(job.Id, job.Cron, job.TimeZoneId, job.Queue, job.NextExecution, job.LastExecution, StatusOf(job));
        table.Write(call.Terminal, "There are no recurring jobs.");
        return ExitCode.Done;
    }

    private static Cell StatusOf(RecurringJobDetails job) =>
        job.Removed ? new Cell("only its id is left", Color.Red)
        : job.Paused ? new Cell(job.PauseReason is { } reason ? $"paused: {reason}" : "paused", Color.Yellow)
        : job.Error is { } error ? new Cell($"error: {error}", Color.Red)
        : job.LateSince is not null ? new Cell("late", Color.Red)
        : job.QueuePause is { } pause ? new Cell($"queue {PauseText.Of(pause)}", Color.Yellow)
        : default;
}
