using System.Reflection;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands.Documents;

internal sealed record PreflightDocument(
    IReadOnlyList<string> Assemblies, string? App, IReadOnlyList<FindingDocument> Findings, IReadOnlyList<TriedDocument> Tried,
    bool Complete)
{
    public static PreflightDocument Of(JobPreflight preflight, IReadOnlyList<Assembly> build, string? app) => new(
        [.. build.Select(static assembly => assembly.GetName().Name!)], app, [.. preflight.Findings.Select(FindingDocument.Of)],
        [.. preflight.Tried.Select(TriedDocument.Of)], preflight.IsComplete);
}

internal sealed record TriedDocument(string Name, long Jobs, int RecurringJobs, int Shapes, bool Found)
{
    public static TriedDocument Of(PreflightedJobs type) => new(type.Name, type.Jobs, type.RecurringJobs, type.Shapes, type.IsFound);
}
