using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Runs;
using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>
/// Lists the app's runs, newest first, on any storage. Hangfire's monitoring cannot filter, so at most
/// <see cref="ScanLimit"/> runs of each state are looked at; the answer says when there were more.
/// </summary>
internal sealed class JobsReader(JobStorage storage, AppIdentity app, RunRouting routing)
{
    public const int ScanLimit = 1_000;
    private const int ScanPage = 200;

    /// <param name="state">One state, or <see langword="null"/> for all.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many to return.</param>
    public (IReadOnlyList<JobAnswer> Jobs, int Total, bool IsLimited) Read(RunState? state, int skip, int take)
    {
        var monitoring = storage.GetMonitoringApi();
        var isLimited = false;
        List<Row> rows = [];
        foreach (var one in state is { } only ? [only] : Enum.GetValues<RunState>())
        {
            var read = Scan(monitoring, one).ToList();
            isLimited |= read.Count >= ScanLimit;
            rows.AddRange(read.Where(row => !app.IsIsolated || routing.Owns(row.Queue)));
        }
        var page = rows
            .OrderByDescending(row => row.At ?? DateTime.MinValue)
            .Skip(skip).Take(take)
            .Select(row => Answer(monitoring, row));
        return ([.. page], rows.Count, isLimited);
    }

    private IEnumerable<Row> Scan(IMonitoringApi monitoring, RunState state) => state switch
    {
        RunState.Enqueued => Queues(monitoring).SelectMany(queue => Pages((from, count) => monitoring.EnqueuedJobs(queue, from, count)
            .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.EnqueuedAt)))),
        RunState.Processing => Pages((from, count) => monitoring.ProcessingJobs(from, count)
            .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.StartedAt))),
        RunState.Scheduled => Pages((from, count) => monitoring.ScheduledJobs(from, count)
            .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.ScheduledAt))),
        RunState.Succeeded => Pages((from, count) => monitoring.SucceededJobs(from, count)
            .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.SucceededAt))),
        RunState.Failed => Pages((from, count) => monitoring.FailedJobs(from, count)
            .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.FailedAt))),
        RunState.Deleted => Pages((from, count) => monitoring.DeletedJobs(from, count)
            .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.DeletedAt))),
        RunState.Awaiting when monitoring is JobStorageMonitor monitor && storage.HasFeature(JobStorageFeatures.Monitoring.AwaitingJobs) =>
            Pages((from, count) => monitor.AwaitingJobs(from, count)
                .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.AwaitingAt))),
        _ => [],
    };

    private IEnumerable<string> Queues(IMonitoringApi monitoring) =>
        app.IsIsolated ? routing.OwnQueues : monitoring.Queues().Select(queue => queue.Name);

    // A run that is gone between two reads of the storage has neither job nor data and is left out.
    private static IEnumerable<Row> Pages(Func<int, int, IEnumerable<Row>> read)
    {
        for (var from = 0; from < ScanLimit; from += ScanPage)
        {
            var page = read(from, ScanPage).ToList();
            foreach (var row in page.Where(row => row.Job is not null || row.Stored is not null))
                yield return row;
            if (page.Count < ScanPage)
                yield break;
        }
    }

    private static JobAnswer Answer(IMonitoringApi monitoring, Row row)
    {
        var details = monitoring.JobDetails(row.Id);
        var history = details?.History ?? [];
        JobEnvelope.TryUnwrap(row.Job, out _, out var payload);
        return new JobAnswer(
            row.Id,
            RunLookup.NameOf(new JobData { Job = row.Job, InvocationData = row.Stored }),
            row.State.ToString(),
            Utc(details?.CreatedAt ?? row.At) ?? DateTime.UnixEpoch,
            Utc(TimeOf(history, "Processing", "StartedAt")),
            row.State is RunState.Succeeded or RunState.Failed or RunState.Deleted ? Utc(row.At) : null,
            row.State == RunState.Failed ? Field(history, "Failed", "ExceptionMessage") : null,
            row.Queue,
            payload is null ? null : RunPayload.ArgumentsOf(payload));
    }

    private static DateTime? TimeOf(IEnumerable<StateHistoryDto> history, string state, string field) =>
        Field(history, state, field) is { } text ? JobHelper.DeserializeDateTime(text) : null;

    private static string? Field(IEnumerable<StateHistoryDto> history, string state, string field) =>
        history.FirstOrDefault(entry => entry.StateName == state) is { } latest && latest.Data.TryGetValue(field, out var value) ? value : null;

    private static DateTime? Utc(DateTime? time) => time is { } value ? DateTime.SpecifyKind(value, DateTimeKind.Utc) : null;

    private sealed record Row(string Id, RunState State, Job? Job, InvocationData? Stored, DateTime? At)
    {
        public string Queue => Job?.Queue ?? Stored?.Queue ?? AppIdentity.DefaultQueue;
    }
}
