using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Commands.Documents;

/// <summary>A line of the audit: an action before it begins, the jobs that it selects, or its outcome.</summary>
internal sealed record AuditDocument(
    string Event, Guid Id, DateTimeOffset At, JobActionKind Kind, string Target, string? User, string? Reason)
{
    public IReadOnlyList<string>? JobIds { get; init; }

    public ActionDocument? Outcome { get; init; }

    public static AuditDocument Of(string name, JobAction action) =>
        new(name, action.Id, action.At, action.Kind, action.Target, action.User, action.Reason);
}
