using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>The answers of the JSON API. Existing clients depend on these three shapes.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatisticsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<JobAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<RecurringJobAnswer>))]
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
