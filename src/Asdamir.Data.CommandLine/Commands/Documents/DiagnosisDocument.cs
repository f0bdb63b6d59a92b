using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands.Documents;

internal sealed record DiagnosisDocument(
    IReadOnlyList<FindingDocument> Findings, bool Complete, double? CommitMilliseconds, double? ClockSkewSeconds)
{
    private const int Digits = 3;

    public static DiagnosisDocument Of(JobDiagnosis diagnosis) => new(
        [.. diagnosis.Findings.Select(FindingDocument.Of)], diagnosis.IsComplete,
        Rounded(diagnosis.CommitTime?.TotalMilliseconds), Rounded(diagnosis.ClockSkew?.TotalSeconds));

    // The sum makes 0 of -0.
    private static double? Rounded(double? number) => number is { } value ? Math.Round(value, Digits) + 0.0 : null;
}

internal sealed record FindingDocument(
    JobFindingKind Kind, JobFindingSeverity Severity, string Target, string? Value, string? Key, string Message, string Fix, long Jobs,
    IReadOnlyList<string> JobIds)
{
    public static FindingDocument Of(JobFinding finding) => new(
        finding.Kind, finding.Severity, finding.Target, finding.Value, finding.Key, finding.Message, finding.Fix, finding.Jobs,
        finding.JobIds);
}
