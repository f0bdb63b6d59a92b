using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands.Documents;

/// <summary>All that is known of a job.</summary>
internal sealed record JobDetailsDocument
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string State { get; init; }

    public string? Reason { get; init; }

    public required string Queue { get; init; }

    public JobPause? QueuePause { get; init; }

    public bool Unserved { get; init; }

    public DateTimeOffset? StuckSince { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public int Attempt { get; init; }

    public string? Arguments { get; init; }

    public required IReadOnlyDictionary<string, string> Context { get; init; }

    public JobError? Error { get; init; }

    public string? Output { get; init; }

    public JobProgress? Progress { get; init; }

    public required IReadOnlyList<JobStepDetails> Steps { get; init; }

    public required IReadOnlyList<JobCursorDetails> Cursors { get; init; }

    public string? RecurringJobId { get; init; }

    public int Priority { get; init; }

    public string? FairnessKey { get; init; }

    public required IReadOnlyList<JobLimit> Limits { get; init; }

    public string? UniqueKey { get; init; }

    public string? IdempotencyKey { get; init; }

    public string? ParentId { get; init; }

    public string? WorkflowId { get; init; }

    public required IReadOnlyList<string> ChildIds { get; init; }

    public required IReadOnlyList<JobHistoryEntry> History { get; init; }

    public string? LoadError { get; init; }

    public IReadOnlyList<LogLineDocument>? Log { get; init; }

    public static JobDetailsDocument Of(JobDetails job, IReadOnlyList<JobLogLine>? log) => new()
    {
        Id = job.Id,
        Name = job.Name,
        State = job.State,
        Reason = job.Reason,
        Queue = job.App,
        QueuePause = job.QueuePause,
        Unserved = job.UnservedQueue is not null,
        StuckSince = job.StuckSince,
        CreatedAt = job.CreatedAt,
        ExpiresAt = job.ExpiresAt,
        Attempt = job.Attempt,
        Arguments = job.Arguments,
        Context = job.Context,
        Error = job.Error,
        Output = job.Output,
        Progress = job.Progress,
        Steps = job.Steps,
        Cursors = job.Cursors,
        RecurringJobId = job.RecurringJobId,
        Priority = job.Priority,
        FairnessKey = job.FairnessKey,
        Limits = job.Limits,
        UniqueKey = job.UniqueKey,
        IdempotencyKey = job.IdempotencyKey,
        ParentId = job.ParentId,
        WorkflowId = job.WorkflowId,
        ChildIds = job.ChildIds,
        History = job.History,
        LoadError = job.LoadError,
        Log = log is null ? null : [.. log.Select(LogLineDocument.Of)],
    };
}
