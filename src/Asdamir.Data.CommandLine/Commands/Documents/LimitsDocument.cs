using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands.Documents;

internal sealed record LimitsDocument(IReadOnlyList<LimitDocument> Limits);

internal sealed record LimitDocument(
    string Queue, string Name, int MaxRunning, string? Rate, bool Skips, int Declared, string? DeclaredRate, int? ChangedTo,
    string? RateChangedTo, string? ChangedBy, DateTimeOffset? ChangedAt, string? Reason, long Running, long Waiting)
{
    public static LimitDocument Of(LimitSummary limit) => new(
        limit.Queue, limit.Name, limit.MaxRunning, limit.Rate?.ToString(), limit.Skips, limit.Declared, limit.DeclaredRate?.ToString(),
        limit.ChangedTo, limit.RateChangedTo?.ToString(), limit.ChangedBy, limit.ChangedAt, limit.Reason, limit.Running, limit.Waiting);
}
