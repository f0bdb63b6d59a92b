namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Everything known of one run.</summary>
internal sealed record RunDetails(
    string Id, string Name, string App, string State, string? Reason, DateTime CreatedAt, DateTime? ExpiresAt, int Attempt, string? Arguments,
    RunError? Error, string? Output, RunProgress? Progress, string? RecurringJobId, string? ParentId, IReadOnlyList<string> ChildIds,
    IReadOnlyList<RunHistoryEntry> History, string? LoadError);

/// <summary>The exception of a failed run.</summary>
internal sealed record RunError(string? Type, string? Message, string? Details);

/// <summary>A state a run was in, newest first.</summary>
internal sealed record RunHistoryEntry(string State, string? Reason, DateTime At, IReadOnlyDictionary<string, string> Data);
