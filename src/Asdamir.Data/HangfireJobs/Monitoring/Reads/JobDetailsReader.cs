using System.Text.Json;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Reads one job with its history, on any storage.</summary>
internal sealed class JobDetailsReader(JobStorage storage, QueuesReader queues, SecretMask mask, TimeProvider time)
{
    private readonly JobMetadata _notes = new(storage);

    /// <returns><see langword="null"/> when there is no such job, or it is not of the app.</returns>
    public JobDetails? Read(string id, string? app)
    {
        if (TryGet(id) is not { } details)
            return null;
        var data = new JobData { Job = details.Job, InvocationData = details.InvocationData };
        var queue = JobTransitions.QueueOf(data);
        if (app is not null && queue != app)
            return null;
        // A job that is only just being created.
        if (details.History.FirstOrDefault() is not { } latest)
            return null;
        var parameters = details.Properties;
        var arguments = StoredArguments.Of(details.InvocationData, details.Job);
        var output = latest.StateName == "Succeeded" ? JobLookup.ResultOf(Field(latest, "Result")) : null;
        var state = StateOf(latest);
        var waits = state == nameof(JobState.Enqueued);
        var pause = waits ? queues.PauseOf(queue) : null;
        return new JobDetails
        {
            Id = id,
            Name = JobLookup.NameOf(data),
            App = queue,
            State = state,
            Reason = mask.Of(latest.Reason),
            CreatedAt = Utc(details.CreatedAt) ?? DateTime.UnixEpoch,
            DueAt = state == nameof(JobState.Scheduled) ? StoredTime.Read(Field(latest, "EnqueueAt")) : null,
            ExpiresAt = Utc(details.ExpireAt),
            QueuePause = pause,
            UnservedQueue = waits && pause is null ? queues.FindUnserved(queue) : null,
            Attempt = JobParameters.RetriesOf(Raw(parameters, JobParameters.RetryCount)) + 1,
            Arguments = mask.Of(arguments),
            FormattedArguments = mask.Readable(arguments),
            Context = ContextOf(details),
            Error = latest.StateName == "Failed" ? ErrorOf(latest) : null,
            Output = mask.Of(output),
            FormattedOutput = mask.Readable(output),
            Progress = JobLog.ReadProgress(_notes, id) is { } progress ? progress with { Text = mask.Of(progress.Text) } : null,
            StuckSince = state == nameof(JobState.Processing) ? StuckSinceOf(id, Field(latest, "WorkerId")) : null,
            Steps = [.. StepNotes.ReadSteps(_notes, id).Select(StepOf)],
            Cursors = [.. StepNotes.ReadCursors(_notes, id).Select(CursorOf)],
            RecurringJobId = Text(parameters, JobParameters.RecurringJobId),
            Priority = JobPriority.Read(Raw(parameters, JobPriority.Parameter)),
            FairnessKey = mask.Of(JobFairness.Read(Raw(parameters, JobFairness.Parameter))),
            Limits = [.. JobLimits.Read(Raw(parameters, JobLimits.Parameter)).Select(LimitOf)],
            UniqueKey = mask.Of(JobKeys.UniqueKeyOf(Raw(parameters, JobKeys.UniqueParameter))),
            IdempotencyKey = mask.Of(JobKeys.IdempotencyKeyOf(Raw(parameters, JobKeys.IdempotencyParameter))),
            ParentId = details.History.Select(static entry => Field(entry, "ParentId")).FirstOrDefault(static parent => parent is not null),
            WorkflowId = JobWorkflows.Read(Raw(parameters, JobWorkflows.Parameter)),
            ChildIds = Children(parameters),
            History = [.. details.History.Select(entry => HistoryOf(entry, queue))],
            LoadError = mask.Of(details.LoadException?.InnerException?.Message ?? details.LoadException?.Message),
        };
    }

    /// <returns><see langword="null"/> when there is no such job, or it is not of the app.</returns>
    public IReadOnlyList<JobLogLine>? ReadLog(string id, string? app) =>
        TryGet(id) is { } details
            && (app is null || JobTransitions.QueueOf(new JobData { Job = details.Job, InvocationData = details.InvocationData }) == app)
            ? [.. JobLog.ReadLines(_notes, id).Select(line => line with { Message = mask.Of(line.Message) })]
            : null;

    private DateTime? StuckSinceOf(string id, string? workerId) =>
        StuckJobs.SinceOf(_notes.Read(id, StuckJobs.Note, [StuckJobs.Note]).GetValueOrDefault(StuckJobs.Note), workerId);

    private Dictionary<string, string> ContextOf(JobDetailsDto details)
    {
        Dictionary<string, string> context = new(StringComparer.Ordinal);
        foreach (var (name, value) in StoredArguments.ContextOf(details.InvocationData, details.Job) ?? context)
            context[mask.Of(name)] = mask.Of(name, value);
        return context;
    }

    private JobStepDetails StepOf(StoredStep step) => new()
    {
        Name = mask.Of(step.Name),
        StartedAt = step.StartedAt,
        EndedAt = step.EndedAt,
        Attempt = step.Attempt,
        Result = step.Result.ValueKind == JsonValueKind.Null ? null : mask.Of(step.Name, step.Result.GetRawText()),
    };

    private JobCursorDetails CursorOf(StoredCursor cursor) => new()
    {
        Name = mask.Of(cursor.Name),
        At = cursor.At,
        Value = mask.Of(cursor.Name, cursor.Value.GetRawText()),
    };

    private JobLimit LimitOf(JobLimit limit) => limit with { Key = limit.Key is { Length: > 0 } key ? mask.Of(key) : null };

    private JobError ErrorOf(StateHistoryDto failed) => new()
    {
        Type = Field(failed, "ExceptionType"),
        Message = mask.Of(Field(failed, "ExceptionMessage")),
        Details = mask.Of(Field(failed, "ExceptionDetails")),
    };

    private JobHistoryEntry HistoryOf(StateHistoryDto entry, string queue) => new()
    {
        State = entry.StateName,
        Reason = mask.Of(entry.Reason),
        At = Utc(entry.CreatedAt)!.Value,
        Data = mask.Of(Data(entry, queue)),
    };

    private JobDetailsDto? TryGet(string id)
    {
        try
        {
            return storage.GetMonitoringApi().JobDetails(id);
        }
        catch (FormatException)
        {
            // Some storages cannot even parse it.
            return null;
        }
    }

    // As in lists: a due job is moved to its queue without a new state.
    private string StateOf(StateHistoryDto latest) =>
        latest.StateName == ScheduledState.StateName && StoredTime.Read(Field(latest, "EnqueueAt")) <= time.GetUtcNow().UtcDateTime
            ? nameof(JobState.Enqueued)
            : latest.StateName;

    // The state names Hangfire's default queue, also where the job's own queue wins. A value may be null in Hangfire; the API describes
    // texts.
    private static Dictionary<string, string> Data(StateHistoryDto entry, string queue)
    {
        var data = entry.Data.Where(static pair => pair.Value is not null).ToDictionary();
        if (data.ContainsKey("Queue"))
            data["Queue"] = queue;
        return data;
    }

    // A broken list, from whatever program wrote it, has no children.
    private static List<string> Children(IDictionary<string, string> parameters)
    {
        try
        {
            return
            [
                .. Continuation.ReadList(parameters.TryGetValue(Continuation.Parameter, out var text) ? text : null)
                    .Select(static child => child.JobId)
            ];
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return [];
        }
    }

    private static string? Field(StateHistoryDto entry, string name) => entry.Data.TryGetValue(name, out var value) ? value : null;

    private static string? Text(IDictionary<string, string> parameters, string name) => Raw(parameters, name)?.Trim('"');

    private static string? Raw(IDictionary<string, string> parameters, string name) =>
        parameters.TryGetValue(name, out var text) ? text : null;

    private static DateTime? Utc(DateTime? time) => time is { } value ? DateTime.SpecifyKind(value, DateTimeKind.Utc) : null;
}
