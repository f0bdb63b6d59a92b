using System.Globalization;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>
/// On any other storage. Hangfire's monitoring cannot filter, so it reads the newest jobs of each state, up to
/// <see cref="Limit"/>. A cursor is the number of jobs already shown.
/// </summary>
internal sealed class ScannedJobs(JobStorage storage, SecretMask mask) : IJobListSource
{
    public const int Limit = 1_000;
    private const int ScanPage = 200;

    public int? ScanLimit => Limit;

    public JobListing Find(JobListFilter filter, string? after, int size)
    {
        var skip = Skip(after);
        var (rows, isBounded) = Scan(filter);
        var monitoring = storage.GetMonitoringApi();
        var page = rows.Skip(skip).Take(size).Select(row => Summary(monitoring, row)).ToList();
        return new JobListing
        {
            Jobs = page,
            Next = skip + page.Count < rows.Count ? (skip + page.Count).ToString(CultureInfo.InvariantCulture) : null,
            IsPartial = isBounded,
            ScanLimit = Limit,
        };
    }

    public long Count(JobListFilter filter, int limit) => Math.Min(Scan(filter).Rows.Count, limit);

    private static int Skip(string? after) =>
        after is null ? 0
        : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var skip) ? skip
        : throw new ArgumentException($"'{after}' is no cursor of this storage.", nameof(after));

    private (List<Row> Rows, bool IsBounded) Scan(JobListFilter filter)
    {
        var monitoring = storage.GetMonitoringApi();
        var isBounded = false;
        // States are read one after another: of a job that changes its state meanwhile, the later read is right.
        Dictionary<string, Row> found = [];
        foreach (var state in filter.State is { } only ? [only] : Enum.GetValues<JobState>())
        {
            var read = Read(monitoring, state, filter.App).ToList();
            isBounded |= read.Count >= Limit;
            foreach (var row in read)
                found[row.Id] = row;
        }
        var rows = found.Values
            .Where(row => Matches(row, filter))
            .Where(row => !filter.Retries || StoredState.Of(row.State, monitoring.JobDetails(row.Id)?.History).IsRetry);
        return (filter.OldestFirst ? [.. rows.OrderBy(static row => row.At)] : [.. rows.OrderByDescending(static row => row.At)],
            isBounded);
    }

    private bool Matches(Row row, JobListFilter filter) =>
        (filter.App is null || row.App == filter.App)
        && (filter.Name is null || row.Name == filter.Name)
        && (filter.Fingerprint is null || row.Fingerprint == filter.Fingerprint)
        && (filter.From is null || Utc(row.At) >= filter.From)
        && (filter.To is null || Utc(row.At) < filter.To)
        && (string.IsNullOrEmpty(filter.Text)
            || row.Id == filter.Text
            || mask.Of(StoredArguments.Of(row.Stored, row.Job))?.Contains(filter.Text, StringComparison.OrdinalIgnoreCase) == true
            || mask.Of(row.Text)?.Contains(filter.Text, StringComparison.OrdinalIgnoreCase) == true);

    private IEnumerable<Row> Read(IMonitoringApi monitoring, JobState state, string? app) => state switch
    {
        // A job that was deleted stays in the queue until a worker takes it.
        JobState.Enqueued => Queues(monitoring, app).SelectMany(queue => Pages((from, count) => monitoring.EnqueuedJobs(queue, from, count)
            .Select(pair =>
                new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.EnqueuedAt ?? DueAt(monitoring, pair))
                {
                    HasLeft = pair.Value?.State is not (null or "Enqueued" or "Scheduled"),
                }))),
        JobState.Processing => Pages((from, count) => monitoring.ProcessingJobs(from, count)
            .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.StartedAt))),
        JobState.Scheduled => Pages((from, count) => monitoring.ScheduledJobs(from, count)
            .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.ScheduledAt))),
        JobState.Succeeded => Pages((from, count) => monitoring.SucceededJobs(from, count)
            .Select(pair =>
                new Row(
                    pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.SucceededAt,
                    pair.Value?.Result?.ToString()))),
        JobState.Failed => Pages((from, count) => monitoring.FailedJobs(from, count)
            .Select(pair =>
                new Row(
                    pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.FailedAt,
                    $"{pair.Value?.ExceptionMessage}\n{pair.Value?.ExceptionDetails}")
                {
                    Fingerprint = pair.Value?.ExceptionType is null
                        ? null
                        : ErrorFingerprint.Of(pair.Value.ExceptionType, pair.Value.ExceptionMessage, pair.Value.ExceptionDetails),
                })),
        JobState.Deleted => Pages((from, count) => monitoring.DeletedJobs(from, count)
            .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.DeletedAt))),
        JobState.Awaiting when monitoring is JobStorageMonitor monitor && storage.HasFeature(JobStorageFeatures.Monitoring.AwaitingJobs) =>
            Pages((from, count) => monitor.AwaitingJobs(from, count)
                .Select(pair => new Row(pair.Key, state, pair.Value?.Job, pair.Value?.InvocationData, pair.Value?.AwaitingAt))),
        _ => [],
    };

    // A due job is moved to its queue without a new state.
    private static DateTime? DueAt(IMonitoringApi monitoring, KeyValuePair<string, EnqueuedJobDto?> job) =>
        job.Value?.State == "Scheduled" && monitoring.JobDetails(job.Key) is { } details
            ? TimeOf(details.History, "Scheduled", "EnqueueAt")
            : null;

    private static IEnumerable<string> Queues(IMonitoringApi monitoring, string? app) =>
        app is not null ? [app] : monitoring.Queues().Select(static queue => queue.Name);

    // A job that is gone between two reads of the storage has neither job nor data and is left out.
    private static IEnumerable<Row> Pages(Func<int, int, IEnumerable<Row>> read)
    {
        for (var from = 0; from < Limit; from += ScanPage)
        {
            var page = read(from, ScanPage).ToList();
            foreach (var row in page.Where(static row => (row.Job is not null || row.Stored is not null) && !row.HasLeft))
                yield return row;
            if (page.Count < ScanPage)
                yield break;
        }
    }

    private JobSummary Summary(IMonitoringApi monitoring, Row row)
    {
        var details = monitoring.JobDetails(row.Id);
        var history = details?.History ?? [];
        var stored = StoredState.Of(row.State, history);
        var startedAt = Utc(TimeOf(history, "Processing", "StartedAt"));
        return new JobSummary
        {
            Id = row.Id,
            Name = row.Name,
            App = row.App,
            State = row.State,
            StateAt = Utc(row.At),
            CreatedAt = Utc(details?.CreatedAt ?? row.At) ?? DateTime.UnixEpoch,
            StartedAt = startedAt,
            DueAt = stored.DueAt,
            Attempt = JobParameters.RetriesOf(details?.Properties.AsReadOnly().GetValueOrDefault(JobParameters.RetryCount)) + 1,
            Duration = stored.Duration(Utc(row.At), startedAt),
            Latency = stored.Latency,
            ErrorType = stored.ErrorType,
            Error = mask.Of(stored.Error),
            Fingerprint = stored.Fingerprint,
            Arguments = mask.Of(StoredArguments.Of(row.Stored, row.Job)),
            Server = row.State == JobState.Processing ? Field(history, "Processing", "ServerId") : null,
        };
    }

    private static DateTime? TimeOf(IEnumerable<StateHistoryDto> history, string state, string field) =>
        StoredTime.Read(Field(history, state, field));

    private static string? Field(IEnumerable<StateHistoryDto> history, string state, string field) =>
        history.FirstOrDefault(entry => entry.StateName == state) is { } latest && latest.Data.TryGetValue(field, out var value)
            ? value
            : null;

    private static DateTime? Utc(DateTime? time) => time is { } value ? DateTime.SpecifyKind(value, DateTimeKind.Utc) : null;

    private sealed record Row(string Id, JobState State, Job? Job, InvocationData? Stored, DateTime? At, string? Text = null)
    {
        /// <summary>Whether it is in another state than the list it was found in says.</summary>
        public bool HasLeft { get; init; }

        public string? Fingerprint { get; init; }

        public string App => Job?.Queue ?? Stored?.Queue ?? AppIdentity.DefaultQueue;

        public string Name => JobLookup.NameOf(new JobData { Job = Job, InvocationData = Stored });
    }
}
