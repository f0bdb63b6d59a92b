using System.CommandLine;
using System.Globalization;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Looks for what is wrong with a schema.</summary>
internal sealed class DoctorCommand : Command
{
    private readonly Option<string?> _app = new("--app") { Description = "Only what concerns this app, by its queue.", HelpName = "queue" };

    private readonly Option<bool> _readOnly = new("--read-only")
    {
        Description = "Write nothing, so commits are not measured.",
    };

    private readonly Option<int> _slowCommit = new("--slow-commit")
    {
        Description = "From how many milliseconds on a commit is slow.",
        HelpName = "milliseconds",
        DefaultValueFactory = static _ => (int)new JobDiagnosisOptions().SlowCommit.TotalMilliseconds,
    };

    private readonly Option<JobFindingSeverity> _failOn = FindingText.FailOn(JobFindingSeverity.Warning);

    public DoctorCommand(CommandRunner runner)
        : base("doctor", "Find what is wrong with a schema, each with its fix.")
    {
        Add(_app);
        Add(_readOnly);
        Add(_slowCommit);
        Add(_failOn);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var options = new JobDiagnosisOptions
        {
            MeasureCommits = !call.Get(_readOnly),
            SlowCommit = TimeSpan.FromMilliseconds(call.Get(_slowCommit)),
        };
        var diagnosis = await monitor.DiagnoseAsync(options, call.Get(_app), cancellationToken).ConfigureAwait(false);
        if (call.IsJson)
            call.WriteJson(DiagnosisDocument.Of(diagnosis), ToolJson.Default.DiagnosisDocument);
        else
            Write(call.Terminal, diagnosis);
        return FindingText.ExitCodeOf(diagnosis.Findings, call.Get(_failOn));
    }

    private static void Write(Terminal terminal, JobDiagnosis diagnosis)
    {
        foreach (var finding in diagnosis.Findings)
            FindingText.Write(terminal, finding);
        if (diagnosis.CommitTime is { } commit)
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A commit takes {commit.TotalMilliseconds:0.#} ms."));
        if (!diagnosis.IsComplete)
            terminal.WriteError("Not all jobs were read; there may be more.");
        FindingText.WriteCount(terminal, diagnosis.Findings, "Nothing was found.");
    }
}
