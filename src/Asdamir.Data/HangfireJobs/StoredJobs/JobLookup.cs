using System.Text.Json;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Reads one job for users: by its name and shown state.</summary>
internal sealed class JobLookup(JobStorage storage, TimeProvider time)
{
    public JobInfo? Find(string jobId, Func<string, bool> isMine)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        using var connection = storage.GetConnection();
        if (JobTransitions.TryGet(connection, jobId) is not { } data || !isMine(JobTransitions.QueueOf(data)))
            return null;
        var state = connection.GetStateData(jobId);
        return new JobInfo(
            jobId,
            NameOf(data),
            StateOf(state, time.GetUtcNow().UtcDateTime),
            state?.Reason,
            new DateTimeOffset(DateTime.SpecifyKind(data.CreatedAt, DateTimeKind.Utc)),
            JobLog.ReadProgress(new JobMetadata(storage), jobId),
            state?.Name == FailedState.StateName ? Field(state, "ExceptionMessage") : null,
            state?.Name == SucceededState.StateName ? ResultOf(Field(state, "Result")) : null);
    }

    /// <summary>The job's name; for a job that is not an envelope, its method.</summary>
    public static string NameOf(JobData data) =>
        JobEnvelope.TryUnwrap(data.Job, out var name, out _) || StoredEnvelope.TryRead(data.InvocationData, out name, out _)
            ? StoredMethod.Cut(name, StoredMethod.LongestName)
        : data.Job is { } job ? $"{job.Type.Name}.{job.Method.Name}"
        : data.InvocationData is { } stored ? StoredMethod.NameOf(stored)
        : "(unknown)";

    /// <summary>A due job is added to its queue without a new state, so it is shown as enqueued when it is due.</summary>
    public static JobState StateOf(StateData? state, DateTime now) =>
        state?.Name is not { } name || !Enum.TryParse<JobState>(name, out var known) ? JobState.Enqueued
        : known == JobState.Scheduled && state.Data.TryGetValue("EnqueueAt", out var at) && StoredTime.Read(at) <= now ? JobState.Enqueued
        : known;

    public static string? Field(StateData state, string name) => state.Data.TryGetValue(name, out var value) ? value : null;

    /// <summary>Hangfire stores our JSON as a JSON string; other texts are shown as stored.</summary>
    public static string? ResultOf(string? stored)
    {
        try
        {
            return stored is null ? null : JsonSerializer.Deserialize<string>(stored);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return stored;
        }
    }
}
