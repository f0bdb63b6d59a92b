using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Commands.Documents;

/// <summary>The outcome of an action.</summary>
internal sealed record ActionDocument(int Done, int Skipped, int Failed, IReadOnlyList<RemarkDocument> Remarks, string? JobId)
{
    public static ActionDocument Of(JobActionResult result) => new(
        result.Done, result.Skipped, result.Failed,
        [.. result.Remarks.Select(static remark => new RemarkDocument(remark.Id, remark.Reason))], result.JobId);
}

internal sealed record RemarkDocument(string Id, string Reason);
