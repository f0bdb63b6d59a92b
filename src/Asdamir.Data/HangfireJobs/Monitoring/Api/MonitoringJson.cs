using System.Text.Json;
using System.Text.Json.Serialization;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>The answers of the JSON API. Existing clients depend on the shapes of statistics, jobs and recurring jobs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(StatisticsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<JobAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<RecurringJobAnswer>))]
[JsonSerializable(typeof(RecurringJobDetails))]
[JsonSerializable(typeof(JobDetailsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<JobLogLine>))]
[JsonSerializable(typeof(IReadOnlyList<QueueAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<ServerSummary>))]
[JsonSerializable(typeof(IReadOnlyList<HistoryPoint>))]
[JsonSerializable(typeof(IReadOnlyList<JobFailures>))]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(FilterRequest))]
[JsonSerializable(typeof(ActionAnswer))]
[JsonSerializable(typeof(OperationAnswer))]
[JsonSerializable(typeof(AntiforgeryAnswer))]
internal sealed partial class MonitoringJson : JsonSerializerContext;

internal sealed record StatisticsAnswer(
    long Enqueued, long Failed, long Processing, long Succeeded, long Scheduled, long Deleted, long Awaiting, long Retry);

internal sealed record JobAnswer(
    string Id, string Name, string State, DateTime CreatedAt, DateTime? StartedAt, DateTime? CompletedAt,
    string? ErrorMessage, string Queue, string? Arguments);

internal sealed record RecurringJobAnswer(
    string Id, string Name, string Cron, string Queue, DateTime? NextExecution, DateTime? LastExecution,
    string? LastJobId, string? LastJobState, string? LastJobResult, bool Removed,
    string? TimeZoneId, string? Method, string? Class);

internal sealed record JobDetailsAnswer(
    string Id, string Name, string State, string? Reason, string Queue, DateTime CreatedAt, DateTime? ExpiresAt, int Attempt, string? Arguments,
    JobError? Error, string? Output, JobProgress? Progress, string? RecurringJobId, string? ParentId, IReadOnlyList<string> ChildIds,
    IReadOnlyList<JobHistoryEntry> History, string? LoadError);

internal sealed record QueueAnswer(string Name, long Waiting, DateTime? OldestAt, double? OldestWaitSeconds, long Claimed);

// A misspelt condition must not silently select more than was meant.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ActionRequest(IReadOnlyList<string>? Ids, FilterRequest? Filter, string? ExpectedState, string? Reason);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FilterRequest(string? State, string? App, string? Name, string? From, string? To, string? Q);

internal sealed record ActionAnswer(int Done, int Skipped, int Failed, IReadOnlyList<RemarkAnswer> Remarks, string? JobId = null)
{
    public static ActionAnswer Of(JobActionResult result) =>
        new(result.Done, result.Skipped, result.Failed, [.. result.Remarks.Select(static remark => new RemarkAnswer(remark.Id, remark.Reason))], result.JobId);
}

internal sealed record RemarkAnswer(string Id, string Reason);

internal sealed record OperationAnswer(string Id, string Kind, string Target, bool Finished, DateTimeOffset StartedAt, ActionAnswer Report, string? Error);

internal sealed record AntiforgeryAnswer(string HeaderName, string Token);
