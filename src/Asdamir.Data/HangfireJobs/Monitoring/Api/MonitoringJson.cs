using System.Text.Json;
using System.Text.Json.Serialization;
using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Asdamir.Data.Storage;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>The answers of the JSON API. Existing clients depend on the shapes of statistics, jobs and recurring jobs.</summary>
[
    JsonSourceGenerationOptions(
        JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
        Converters = [typeof(UtcTimeConverter)])
]
[JsonSerializable(typeof(StatisticsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<JobAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<RecurringJobAnswer>))]
[JsonSerializable(typeof(RecurringJobDetailsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<LateRecurringJobsAnswer>))]
[JsonSerializable(typeof(JobDetailsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<JobLogLineAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<QueueAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<LimitAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<WorkflowAnswer>))]
[JsonSerializable(typeof(WorkflowDetailsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ServerSummaryAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<HistoryPointAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<JobFailuresAnswer>))]
[JsonSerializable(typeof(JobFailureGroupsAnswer))]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(PauseQueueRequest))]
[JsonSerializable(typeof(ResumeQueueRequest))]
[JsonSerializable(typeof(FilterRequest))]
[JsonSerializable(typeof(LimitChangeRequest))]
[JsonSerializable(typeof(LimitResetRequest))]
[JsonSerializable(typeof(WorkflowActionRequest))]
[JsonSerializable(typeof(ActionAnswer))]
[JsonSerializable(typeof(OperationAnswer))]
[JsonSerializable(typeof(AntiforgeryAnswer))]
internal sealed partial class MonitoringJson : JsonSerializerContext;

internal sealed record StatisticsAnswer(
    long Enqueued, long Failed, long Processing, long Succeeded, long Scheduled, long Deleted, long Awaiting, long Retry)
{
    public static StatisticsAnswer Of(JobStatistics counts) => new(
        counts.Enqueued, counts.Failed, counts.Processing, counts.Succeeded, counts.Scheduled, counts.Deleted, counts.Awaiting,
        counts.Retry);
}

internal sealed record JobAnswer(
    string Id, string Name, string State, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt,
    string? ErrorMessage, string Queue, int Priority, string? Arguments, DateTimeOffset? DueAt, int Attempt,
    double? DurationMilliseconds, double? LatencyMilliseconds, string? ErrorType, string? Fingerprint);

internal sealed record RecurringJobAnswer(
    string Id, string Name, string Cron, string Queue, DateTimeOffset? NextExecution, DateTimeOffset? LastExecution,
    string? LastJobId, string? LastJobState, string? LastJobResult, bool Removed,
    string? TimeZoneId, string? Method, string? Class)
{
    public static RecurringJobAnswer Of(RecurringJobDetails job) => new(
        job.Id, job.Name, job.Cron, job.Queue, job.NextExecution, job.LastExecution, job.LastJobId, job.LastJobState, job.LastJobResult,
        job.Removed,
        job.Removed ? null : job.TimeZoneId, job.Method, job.Class);
}

internal sealed record RecurringJobDetailsAnswer(
    string Id, string Name, string Cron, string TimeZoneId, string Queue, DateTimeOffset? NextExecution, DateTimeOffset? LastExecution,
    string? LastJobId, DateTimeOffset? LateSince,
    bool Paused, DateTimeOffset? PausedAt, string? PauseReason, PauseAnswer? QueuePause, string? Error, MisfirePolicy Misfire,
    int Priority, string? FairnessKey, string? UniqueKey, bool Declared, string? Arguments, string? Class)
{
    public static RecurringJobDetailsAnswer Of(RecurringJobDetails job) => new(
        job.Id, job.Name, job.Cron, job.TimeZoneId, job.Queue, job.NextExecution, job.LastExecution, job.LastJobId, job.LateSince,
        job.Paused, job.PausedAt, job.PauseReason, PauseAnswer.Of(job.QueuePause),
        job.Error, job.Misfire, job.Priority, job.FairnessKey, job.UniqueKey, job.Declared, job.Arguments, job.Class);
}

internal sealed record LateRecurringJobsAnswer(string App, int Count, string WorstId, DateTimeOffset Since);

internal sealed record JobDetailsAnswer(
    string Id, string Name, string State, string? Reason, string Queue, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, int Attempt,
    string? Arguments, IReadOnlyDictionary<string, string> Context,
    JobErrorAnswer? Error, string? Output, JobProgress? Progress, IReadOnlyList<JobStepAnswer> Steps,
    IReadOnlyList<JobCursorAnswer> Cursors, string? RecurringJobId, int Priority, string? FairnessKey,
    IReadOnlyList<JobLimitAnswer> Limits, string? UniqueKey, string? IdempotencyKey, string? ParentId, string? WorkflowId,
    IReadOnlyList<string> ChildIds, IReadOnlyList<JobHistoryEntryAnswer> History, string? LoadError, PauseAnswer? QueuePause,
    QueueAnswer? UnservedQueue, DateTimeOffset? StuckSince);

internal sealed record JobStepAnswer(string Name, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int Attempt, string? Result);

internal sealed record JobCursorAnswer(string Name, DateTimeOffset At, string Value);

internal sealed record JobLimitAnswer(string Name, string? Key);

internal sealed record JobErrorAnswer(string? Type, string? Message, string? Details);

internal sealed record JobHistoryEntryAnswer(string State, string? Reason, DateTimeOffset At, IReadOnlyDictionary<string, string> Data);

internal sealed record JobLogLineAnswer(DateTimeOffset At, LogLevel Level, string Message);

internal sealed record ServerSummaryAnswer(
    string Id, IReadOnlyList<string> Queues, ServerState State, int Workers, DateTimeOffset StartedAt, DateTimeOffset? HeartbeatAt,
    DateTimeOffset? EndedAt, long RescuedJobs)
{
    public static ServerSummaryAnswer Of(ServerSummary server) => new(
        server.Id, server.Queues, server.State, server.Workers, server.StartedAt, server.HeartbeatAt, server.EndedAt, server.RescuedJobs);
}

internal sealed record HistoryPointAnswer(DateTimeOffset At, long Succeeded, long Failed, long Deleted);

internal sealed record JobFailuresAnswer(string Name, string Queue, long Count, DateTimeOffset LastAt, string LastId);

internal sealed record JobFailureGroupsAnswer(IReadOnlyList<JobFailureGroupAnswer> Groups, long Read, bool IsPartial)
{
    public static JobFailureGroupsAnswer Of(JobFailureGroups failures) => new(
        [
            .. failures.Groups.Select(static group => new JobFailureGroupAnswer(
                group.Name, group.Queue, group.Fingerprint, group.Count, group.FirstAt, group.LastAt, group.LastId, group.ErrorType,
                group.ErrorMessage))
        ],
        failures.Read, failures.IsPartial);
}

internal sealed record JobFailureGroupAnswer(
    string Name, string Queue, string? Fingerprint, long Count, DateTimeOffset FirstAt, DateTimeOffset LastAt, string LastId,
    string? ErrorType, string? ErrorMessage);

internal sealed record QueueAnswer(
    string Name, long Waiting, DateTimeOffset? OldestAt, double? OldestWaitSeconds, long Claimed, PauseAnswer? Pause, int Servers,
    bool Unserved, ServerSummaryAnswer? LastServer, ServerCrashesAnswer? Crashes)
{
    public static QueueAnswer Of(QueueSummary queue, DateTimeOffset now) => new(
        queue.Name, queue.Waiting, queue.OldestAt,
        queue.OldestAt is { } at ? Math.Max(Math.Round((now - at).TotalSeconds, 3), 0) : null, queue.Claimed,
        PauseAnswer.Of(queue.Pause), queue.Servers,
        queue.IsUnserved, queue.LastServer is { } last ? ServerSummaryAnswer.Of(last) : null,
        queue.Crashes is { } crashes ? ServerCrashesAnswer.Of(crashes) : null);
}

internal sealed record PauseAnswer(
    JobPauseKind Kind, string Name, string? Reason, string? By, DateTimeOffset At, DateTimeOffset? Until)
{
    public static PauseAnswer? Of(JobPause? pause) =>
        pause is null ? null : new(pause.Kind, pause.Name, pause.Reason, pause.By, pause.At, pause.Until);
}

internal sealed record LimitAnswer(
    string Queue, string Name, int MaxRunning, string? Rate, bool Skips, int Declared, string? DeclaredRate, int? ChangedTo,
    string? RateChangedTo, string? ChangedBy, DateTimeOffset? ChangedAt, string? Reason, long Running, long Waiting)
{
    public static LimitAnswer Of(LimitSummary limit) => new(
        limit.Queue, limit.Name, limit.MaxRunning, limit.Rate?.ToString(), limit.Skips, limit.Declared, limit.DeclaredRate?.ToString(),
        limit.ChangedTo, limit.RateChangedTo?.ToString(), limit.ChangedBy, limit.ChangedAt, limit.Reason, limit.Running, limit.Waiting);
}

internal sealed record WorkflowAnswer(
    string Id, string Queue, string Name, WorkflowState State, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, long Jobs,
    long Waiting, long Running, long Succeeded, long Failed, long Deleted, DateTimeOffset? CancelledAt, string? CancelledBy,
    string? CancelReason, string? OnFinished)
{
    public static WorkflowAnswer Of(WorkflowSummary flow) => new(
        flow.Id, flow.Queue, flow.Name, flow.State, flow.CreatedAt, flow.FinishedAt, flow.Jobs, flow.Waiting, flow.Running,
        flow.Succeeded, flow.Failed, flow.Deleted, flow.CancelledAt, flow.CancelledBy, flow.CancelReason, flow.OnFinished);
}

internal sealed record WorkflowDetailsAnswer(
    WorkflowAnswer Workflow, IReadOnlyList<WorkflowMemberAnswer> Jobs, string? Next, IReadOnlyList<WorkflowEdgeAnswer> Edges)
{
    public static WorkflowDetailsAnswer Of(WorkflowDetails flow) => new(
        WorkflowAnswer.Of(flow.Workflow),
        [.. flow.Jobs.Select(static job => new WorkflowMemberAnswer(job.Id, job.Name, job.State, job.StateAt, job.WaitsFor))],
        flow.Next,
        [.. flow.Edges.Select(static edge => new WorkflowEdgeAnswer(edge.Parent, edge.Child, edge.When))]);
}

internal sealed record WorkflowMemberAnswer(string Id, string Name, string? State, DateTimeOffset? StateAt, long WaitsFor);

internal sealed record WorkflowEdgeAnswer(string Parent, string Child, After When);

internal sealed record ServerCrashesAnswer(int Count, DateTimeOffset FirstAt, DateTimeOffset LastAt, long RescuedJobs)
{
    public static ServerCrashesAnswer Of(ServerCrashes crashes) =>
        new(crashes.Count, crashes.FirstAt, crashes.LastAt, crashes.RescuedJobs);
}

// A misspelt condition must not silently select more than was meant.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ActionRequest(IReadOnlyList<string>? Ids, FilterRequest? Filter, string? ExpectedState, string? Reason);

internal sealed record ActionAnswer(int Done, int Skipped, int Failed, IReadOnlyList<RemarkAnswer> Remarks, string? JobId = null)
{
    public static ActionAnswer Of(JobActionResult result) =>
        new(
            result.Done, result.Skipped, result.Failed,
            [.. result.Remarks.Select(static remark => new RemarkAnswer(remark.Id, remark.Reason))], result.JobId);
}

internal sealed record RemarkAnswer(string Id, string Reason);

internal sealed record OperationAnswer(
    string Id, string Kind, string Target, bool Finished, DateTimeOffset StartedAt, ActionAnswer Report, string? Error);

internal sealed record AntiforgeryAnswer(string HeaderName, string Token);
