using System.Text.Json.Serialization;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>The members of <see cref="ActionRequest"/> that an action on one job accepts.</summary>
internal sealed record JobActionRequest(string? ExpectedState, string? Reason);

/// <summary>The members of <see cref="ActionRequest"/> that an action on a recurring job accepts.</summary>
internal sealed record RecurringActionRequest(string? Reason);

/// <summary>A pause of a queue.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PauseQueueRequest(string? Reason, string? Until);

/// <summary>The end of a pause of a queue.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ResumeQueueRequest(string? Reason);

/// <summary>The members of <see cref="ActionRequest"/> that an action on many jobs accepts.</summary>
internal sealed record BulkActionRequest(IReadOnlyList<string>? Ids, FilterRequest? Filter, string? ExpectedState, string? Reason);

// A misspelt number must not be taken for none.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LimitChangeRequest(string? Queue, string? Name, int? MaxRunning, string? Rate, string? Reason);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LimitResetRequest(string? Queue, string? Name, string? Reason);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FilterRequest(
    string? State, string? App, string? Name, string? From, string? To, string? Q, string? Fingerprint);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WorkflowActionRequest(string? Reason);
