using System.Text.Json;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>Reads one run as people know it.</summary>
internal sealed class RunLookup(JobStorage storage, TimeProvider time)
{
    public JobRun? Find(string runId, Func<string, bool> isMine)
    {
        ArgumentNullException.ThrowIfNull(runId);
        using var connection = storage.GetConnection();
        if (RunMoves.TryGet(connection, runId) is not { } data || !isMine(RunMoves.QueueOf(data)))
            return null;
        var state = connection.GetStateData(runId);
        return new JobRun(
            runId,
            NameOf(data),
            StateOf(state, time.GetUtcNow().UtcDateTime),
            state?.Reason,
            new DateTimeOffset(DateTime.SpecifyKind(data.CreatedAt, DateTimeKind.Utc)),
            RunLog.ReadProgress(new RunNotes(storage), runId),
            state?.Name == FailedState.StateName ? Field(state, "ExceptionMessage") : null,
            state?.Name == SucceededState.StateName ? ResultOf(Field(state, "Result")) : null);
    }

    /// <summary>The job's name; of a job that is no envelope, its method.</summary>
    public static string NameOf(JobData data) =>
        JobEnvelope.TryUnwrap(data.Job, out var name, out _) || StoredEnvelope.TryRead(data.InvocationData, out name, out _) ? StoredMethod.Cut(name, StoredMethod.LongestName)
        : data.Job is { } job ? $"{job.Type.Name}.{job.Method.Name}"
        : data.InvocationData is { } stored ? StoredMethod.NameOf(stored)
        : "(unknown)";

    /// <summary>A due run is moved to its queue without a new state, so it is shown as enqueued once its time has come.</summary>
    public static RunState StateOf(StateData? state, DateTime now) =>
        state?.Name is not { } name || !Enum.TryParse<RunState>(name, out var known) ? RunState.Enqueued
        : known == RunState.Scheduled && state.Data.TryGetValue("EnqueueAt", out var at) && StoredTime.Read(at) <= now ? RunState.Enqueued
        : known;

    public static string? Field(StateData state, string name) => state.Data.TryGetValue(name, out var value) ? value : null;

    /// <summary>Hangfire stores our JSON as a JSON string; anything else is shown as it is stored.</summary>
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
