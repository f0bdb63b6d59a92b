using System.CommandLine;
using System.Globalization;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Findings for people, and what they make of the exit code.</summary>
internal static class FindingText
{
    /// <summary>The option that says from which severity on findings are a failure.</summary>
    public static Option<JobFindingSeverity> FailOn(JobFindingSeverity byDefault) => new("--fail-on")
    {
        Description = "Which findings the exit code reports: Notice (all), Warning (and worse) or Error.",
        HelpName = "severity",
        DefaultValueFactory = _ => byDefault,
    };

    public static int ExitCodeOf(IReadOnlyList<JobFinding> findings, JobFindingSeverity failOn) =>
        findings.Any(finding => finding.Severity >= failOn) ? ExitCode.Refused : ExitCode.Done;

    /// <summary>Writes how many there are.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="findings">The findings.</param>
    /// <param name="none">What is said when there are none.</param>
    public static void WriteCount(Terminal terminal, IReadOnlyList<JobFinding> findings, string none)
    {
        var errors = findings.Count(static finding => finding.Severity == JobFindingSeverity.Error);
        var notices = findings.Count(static finding => finding.Severity == JobFindingSeverity.Notice);
        var more = notices > 0 ? string.Create(CultureInfo.InvariantCulture, $", {notices} notices") : "";
        terminal.WriteLine(
            findings.Count == 0
                ? terminal.Colored(none, Color.Green)
                : string.Create(CultureInfo.InvariantCulture, $"{errors} errors, {findings.Count - errors - notices} warnings{more}"));
    }

    public static void Write(Terminal terminal, JobFinding finding)
    {
        var severity = finding.Severity.ToString();
        var shown = finding.Severity == JobFindingSeverity.Notice
            ? severity
            : terminal.Colored(severity, finding.Severity == JobFindingSeverity.Error ? Color.Red : Color.Yellow);
        terminal.WriteLine($"{shown}  {finding.Kind}: {terminal.Safe(finding.Target)}");
        terminal.WriteLine($"    {terminal.Safe(finding.Message)}");
        if (finding.Value is { } value)
            terminal.WriteLine($"    Value: {terminal.Safe(value)}{(finding.Key is { } key ? $" ({key})" : "")}");
        if (finding.JobIds.Count > 0)
        {
            var more = finding.Jobs > finding.JobIds.Count ? ", …" : "";
            terminal.WriteLine($"    Jobs: {finding.Jobs} ({terminal.Safe(string.Join(", ", finding.JobIds))}{more})");
        }
        terminal.WriteLine($"    Fix: {terminal.Safe(finding.Fix)}.");
        terminal.WriteLine();
    }
}
