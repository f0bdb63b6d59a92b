using System.Globalization;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>What the data of a job's current state says in lists.</summary>
internal sealed class StoredState(JobState state, IReadOnlyDictionary<string, string> data)
{
    private static readonly Dictionary<string, string> None = [];

    public DateTimeOffset? DueAt => state == JobState.Scheduled ? StoredTime.Read(Field("EnqueueAt")) : null;

    public string? ErrorType => state is JobState.Failed or JobState.Scheduled ? Field("ExceptionType") : null;

    public string? Error => ErrorType is null ? null : Field("ExceptionMessage");

    public string? Fingerprint =>
        ErrorType is { } type
            ? Field(ErrorFingerprint.Field) ?? ErrorFingerprint.Of(type, Field("ExceptionMessage"), Field("ExceptionDetails"))
            : null;

    public bool IsRetry => state == JobState.Scheduled && ErrorType is not null;

    public TimeSpan? Latency => state == JobState.Succeeded ? Milliseconds("Latency") : null;

    public static StoredState Of(JobState state, IEnumerable<StateHistoryDto>? history) =>
        new(state, history?.FirstOrDefault(entry => entry.StateName == state.ToString())?.Data.AsReadOnly() ?? None.AsReadOnly());

    /// <summary>How long the latest attempt took: a failure and a retry are stored when it ends.</summary>
    public TimeSpan? Duration(DateTimeOffset? stateAt, DateTimeOffset? startedAt) =>
        state == JobState.Succeeded ? Milliseconds("PerformanceDuration")
        : ErrorType is not null && stateAt >= startedAt ? stateAt - startedAt
        : null;

    private string? Field(string name) => data.TryGetValue(name, out var value) ? value : null;

    private TimeSpan? Milliseconds(string name) =>
        long.TryParse(Field(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value <= TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(value)
            : null;
}
