using System.CommandLine;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Lists jobs, a page at a time.</summary>
internal sealed class ListCommand : Command
{
    private const int DefaultSize = 50;

    private readonly JobFilterOptions _filter = new();

    private readonly Option<bool> _oldest = new("--oldest")
    {
        Description = "The oldest jobs first, by the time of their state.",
    };

    private readonly Option<int> _size = new("--size")
    {
        Description = "How many jobs at most, 1 to 1000.",
        HelpName = "number",
        DefaultValueFactory = static _ => DefaultSize,
    };

    private readonly Option<string?> _after = new("--after")
    {
        Description = "The position where the page starts, as the page before says it.",
        HelpName = "position",
    };

    public ListCommand(CommandRunner runner)
        : base("list", "List jobs, those that changed last first.")
    {
        _filter.AddTo(this);
        Add(_oldest);
        Add(_size);
        Add(_after);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var filter = _filter.Of(call.Parsed) with { OldestFirst = call.Get(_oldest) };
        var page = await monitor.GetJobsAsync(filter, call.Get(_size), call.Get(_after), cancellationToken).ConfigureAwait(false);
        if (call.IsJson)
            call.WriteJson(JobsDocument.Of(page), ToolJson.Default.JobsDocument);
        else
            Write(call.Terminal, page);
        return ExitCode.Done;
    }

    private static void Write(Terminal terminal, JobListing page)
    {
        var table = new TextTable("ID", "STATE", "JOB TYPE", "APP", "SINCE", "ERROR");
        foreach (var job in page.Jobs)
        {
            var state = job.State.ToString();
            table.Add(job.Id, new Cell(state, States.ColorOf(state)), job.Name, job.App, job.StateAt, job.Error);
        }
        table.Write(terminal, "No jobs match.");
        if (page.IsPartial)
            terminal.WriteError("Only a part of the stored jobs was searched; the next page continues.");
        if (page.Next is { } next)
            terminal.WriteLine($"More: --after {terminal.Safe(next)}");
    }
}
