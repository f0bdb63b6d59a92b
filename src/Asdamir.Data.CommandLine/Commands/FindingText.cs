using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Findings for people.</summary>
internal static class FindingText
{
    public static void Write(Terminal terminal, JobFinding finding)
    {
        var color = finding.Severity == JobFindingSeverity.Error ? Color.Red : Color.Yellow;
        terminal.WriteLine($"{terminal.Colored(finding.Severity.ToString(), color)}  {finding.Kind}: {terminal.Safe(finding.Target)}");
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
