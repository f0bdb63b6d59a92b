using System.CommandLine;
using Asdamir.Data.CommandLine.Builds;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Tries the stored jobs against a new build, before it is deployed.</summary>
internal sealed class PreflightCommand : Command
{
    private readonly Option<string> _build = new("--build")
    {
        Description = "The folder of the build, as 'dotnet publish' wrote it.",
        HelpName = "folder",
        Required = true,
    };

    private readonly Option<string?> _assembly = new("--assembly")
    {
        Description = "The name of the app's assembly, where the folder has several apps.",
        HelpName = "name",
    };

    private readonly Option<string?> _app = new("--app")
    {
        Description = "Only jobs of this app, by its queue. Default: AppQueue of the settings; without one, all jobs of the schema.",
        HelpName = "queue",
    };

    private readonly Option<int> _most = new("--most")
    {
        Description = "How many jobs of each state are read at most, half of them the oldest and half the newest.",
        HelpName = "number",
        DefaultValueFactory = static _ => new JobPreflightOptions().MostJobs,
    };

    private readonly Option<JobFindingSeverity> _failOn = FindingText.FailOn(JobFindingSeverity.Error);

    public PreflightCommand(CommandRunner runner)
        : base("preflight", "Try every stored job against a new build, before it is deployed.")
    {
        Add(_build);
        Add(_assembly);
        Add(_app);
        Add(_most);
        Add(_failOn);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var build = AppBuild.Load(Path.GetFullPath(call.Get(_build)!, call.Environment.Folder), call.Get(_assembly));
        var app = call.Get(_app) ?? (call.Location.AppQueue is { Length: > 0 } queue ? queue : null);
        var options = new JobPreflightOptions { MostJobs = call.Get(_most) };
        var preflight = await monitor.PreflightAsync(build, options, app, cancellationToken).ConfigureAwait(false);
        if (call.IsJson)
            call.WriteJson(PreflightDocument.Of(preflight, build, app), ToolJson.Default.PreflightDocument);
        else
            Write(call.Terminal, preflight);
        return FindingText.ExitCodeOf(preflight.Findings, call.Get(_failOn));
    }

    private static void Write(Terminal terminal, JobPreflight preflight)
    {
        foreach (var finding in preflight.Findings)
            FindingText.Write(terminal, finding);
        var table = new TextTable("Job type", "Jobs", "Recurring", "Shapes of arguments", "In the build");
        foreach (var type in preflight.Tried)
            table.Add(type.Name, type.Jobs, type.RecurringJobs, type.Shapes, new Cell(type.IsFound ? "yes" : "no", ColorOf(type)));
        table.Write(terminal, "No jobs are stored.");
        if (!preflight.IsComplete)
            terminal.WriteError("Not all jobs were read; raise --most to read more.");
        FindingText.WriteCount(terminal, preflight.Findings, "The build can execute what was tried.");
    }

    private static Color ColorOf(PreflightedJobs type) => type.IsFound ? Color.None : Color.Red;
}
