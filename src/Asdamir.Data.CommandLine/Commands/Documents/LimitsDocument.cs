using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands.Documents;

internal sealed record LimitsDocument(IReadOnlyList<LimitDocument> Limits);

internal sealed record LimitDocument(
    string Queue, string Name, int MaxRunning, int Declared, int? ChangedTo, string? ChangedBy, DateTimeOffset? ChangedAt, string? Reason,
    long Running, long Waiting)
{
    public static LimitDocument Of(LimitSummary limit) => new(
        limit.Queue, limit.Name, limit.MaxRunning, limit.Declared, limit.ChangedTo, limit.ChangedBy, limit.ChangedAt, limit.Reason,
        limit.Running, limit.Waiting);
}
