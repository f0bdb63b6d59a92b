namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Everything known of one job.</summary>
internal sealed record JobDetails(
    string Id, string Name, string App, string State, string? Reason, DateTime CreatedAt, DateTime? ExpiresAt, int Attempt, string? Arguments,
    JobError? Error, string? Output, JobProgress? Progress, string? RecurringJobId, string? ParentId, IReadOnlyList<string> ChildIds,
    IReadOnlyList<JobHistoryEntry> History, string? LoadError);

/// <summary>The exception of a failed job.</summary>
internal sealed record JobError(string? Type, string? Message, string? Details);

/// <summary>A state a job was in, newest first.</summary>
internal sealed record JobHistoryEntry(string State, string? Reason, DateTime At, IReadOnlyDictionary<string, string> Data);
