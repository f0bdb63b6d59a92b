using Asdamir.Data.Storage.Database;
using Asdamir.Data.Storage.Reads;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.Storage.Contract;

internal sealed partial class StorageMonitor
{
    private const string ListColumns = JobRow.Columns + ", j.state_at, j.state_reason, j.state_data";

    public override JobList<ProcessingJobDto> ProcessingJobs(int from, int count) => List(ProcessingState.StateName, from, count, Oldest, static run => new ProcessingJobDto
    {
        Job = run.Data.Job,
        LoadException = run.Data.LoadException,
        InvocationData = run.Data.InvocationData,
        InProcessingState = true,
        ServerId = run.Text("ServerId") ?? run.Text("ServerName"),
        StartedAt = run.Time("StartedAt") ?? run.At,
        StateData = run.State,
    });

    public override JobList<ScheduledJobDto> ScheduledJobs(int from, int count) => List(ScheduledState.StateName, from, count, Oldest, static run => new ScheduledJobDto
    {
        Job = run.Data.Job,
        LoadException = run.Data.LoadException,
        InvocationData = run.Data.InvocationData,
        InScheduledState = true,
        EnqueueAt = run.Time("EnqueueAt") ?? DateTime.MinValue,
        ScheduledAt = run.Time("ScheduledAt") ?? run.At,
        StateData = run.State,
    });

    public override JobList<SucceededJobDto> SucceededJobs(int from, int count) => List(SucceededState.StateName, from, count, Newest, static run => new SucceededJobDto
    {
        Job = run.Data.Job,
        LoadException = run.Data.LoadException,
        InvocationData = run.Data.InvocationData,
        InSucceededState = true,
        Result = run.Text("Result"),
        TotalDuration = run.Number("PerformanceDuration") is { } duration && run.Number("Latency") is { } latency ? duration + latency : null,
        SucceededAt = run.Time("SucceededAt") ?? run.At,
        StateData = run.State,
    });

    public override JobList<FailedJobDto> FailedJobs(int from, int count) => List(FailedState.StateName, from, count, Newest, static run => new FailedJobDto
    {
        Job = run.Data.Job,
        LoadException = run.Data.LoadException,
        InvocationData = run.Data.InvocationData,
        InFailedState = true,
        Reason = run.Reason,
        ExceptionType = run.Text("ExceptionType"),
        ExceptionMessage = run.Text("ExceptionMessage"),
        ExceptionDetails = run.Text("ExceptionDetails"),
        FailedAt = run.Time("FailedAt") ?? run.At,
        StateData = run.State,
    });

    public override JobList<DeletedJobDto> DeletedJobs(int from, int count) => List(DeletedState.StateName, from, count, Newest, static run => new DeletedJobDto
    {
        Job = run.Data.Job,
        LoadException = run.Data.LoadException,
        InvocationData = run.Data.InvocationData,
        InDeletedState = true,
        DeletedAt = run.Time("DeletedAt") ?? run.At,
        StateData = run.State,
    });

    public override JobList<AwaitingJobDto> AwaitingJobs(int from, int count)
    {
        using var session = database.Read();
        var runs = session.Query(ListSql(AwaitingState.StateName, Oldest), Read, ("@from", from), ("@count", count));
        var parents = runs.Select(static run => JobIds.TryParse(run.Text("ParentId"), out var id) ? id : 0).Distinct().ToArray();
        var states = session.Query(
            "SELECT id, state FROM {s}job WHERE " + database.AnyOf("id", "@ids"),
            static row => KeyValuePair.Create(JobIds.Format(row.GetInt64(0)), row.TextOrNull(1)), ("@ids", parents)).ToDictionary();
        return ToList(runs, run => new AwaitingJobDto
        {
            Job = run.Data.Job,
            LoadException = run.Data.LoadException,
            InvocationData = run.Data.InvocationData,
            InAwaitingState = true,
            AwaitingAt = run.At,
            StateData = run.State,
            ParentStateName = run.Text("ParentId") is { } parent ? states.GetValueOrDefault(parent) : null,
        });
    }

    public override JobList<EnqueuedJobDto> EnqueuedJobs(string queue, int from, int perPage)
    {
        ArgumentNullException.ThrowIfNull(queue);
        using var session = database.Read();
        return ToList(session.Query(QueueSql("NULL", JobQueues.Waiting), ReadQueued, ("@queue", queue), ("@from", from), ("@count", perPage)), static run => new EnqueuedJobDto
        {
            Job = run.Data.Job,
            LoadException = run.Data.LoadException,
            InvocationData = run.Data.InvocationData,
            State = run.Data.State,
            InEnqueuedState = run.IsEnqueued,
            EnqueuedAt = run.IsEnqueued ? run.Time("EnqueuedAt") ?? run.At : null,
            StateData = run.State,
        });
    }

    public override JobList<FetchedJobDto> FetchedJobs(string queue, int from, int perPage)
    {
        ArgumentNullException.ThrowIfNull(queue);
        using var session = database.Read();
        var claims = session.Query(
            QueueSql("q.claimed_at", JobQueues.Claimed), row => (Run: ReadQueued(row), At: row.TimeOrNull(15)),
            ("@queue", queue), ("@from", from), ("@count", perPage));
        return new JobList<FetchedJobDto>(claims.Select(static claim => KeyValuePair.Create(JobIds.Format(claim.Run.Id), new FetchedJobDto
        {
            Job = claim.Run.Data.Job,
            LoadException = claim.Run.Data.LoadException,
            InvocationData = claim.Run.Data.InvocationData,
            State = claim.Run.Data.State,
            FetchedAt = claim.At,
        })));
    }

    public override IList<QueueWithTopEnqueuedJobsDto> Queues()
    {
        using var session = database.Read();
        return session.Query(JobQueues.Names, static row => row.GetString(0)).ConvertAll(queue => new QueueWithTopEnqueuedJobsDto
        {
            Name = queue,
            Length = EnqueuedCount(queue),
            Fetched = FetchedCount(queue),
            FirstJobs = EnqueuedJobs(queue, 0, 5),
        });
    }

    private const string Newest = "state_at DESC, id DESC";

    private const string Oldest = "state_at, id";

    private JobList<T> List<T>(string state, int from, int count, string order, Func<Listed, T> map)
    {
        using var session = database.Read();
        return ToList(session.Query(ListSql(state, order), Read, ("@from", from), ("@count", count)), map);
    }

    private static string ListSql(string state, string order) =>
        $"SELECT {ListColumns} FROM {{s}}job AS j WHERE {StateSql.Is("j.state", state)} ORDER BY {order} LIMIT @count OFFSET @from";

    // A row whose job is gone stays in its queue until a worker comes to it, and is counted and listed like any other.
    private string QueueSql(string at, string rows) =>
        $"SELECT {ListColumns}, q.job_id, {at} {rows.Replace(" WHERE ", $" LEFT JOIN {{s}}job AS j ON {database.LookUp("j.id", "q.job_id")} WHERE ", StringComparison.Ordinal)} ORDER BY q.id LIMIT @count OFFSET @from";

    private static JobList<T> ToList<T>(IEnumerable<Listed> runs, Func<Listed, T> map) =>
        new(runs.Select(run => KeyValuePair.Create(JobIds.Format(run.Id), map(run))));

    private Listed Read(System.Data.Common.DbDataReader row)
    {
        var (job, loader) = (JobRow.Read(row), engine.JobLoader);
        return new Listed(job.Id, job.ToJobData(loader), row.TimeOrNull(11), row.TextOrNull(12), UntrustedJson.ReadState(row.TextOrNull(13), loader));
    }

    private Listed ReadQueued(System.Data.Common.DbDataReader row) =>
        row.IsDBNull(0) ? new Listed(row.GetInt64(14), new JobData(), At: null, Reason: null, State: []) : Read(row);

    private sealed record Listed(long Id, JobData Data, DateTime? At, string? Reason, Dictionary<string, string> State)
    {
        // Without regard to case, as in Hangfire's other storages.
        public bool IsEnqueued => EnqueuedState.StateName.Equals(Data.State, StringComparison.OrdinalIgnoreCase);

        public string? Text(string name) => State.GetValueOrDefault(name);

        public long? Number(string name) => long.TryParse(Text(name), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

        // A value that an older or foreign program wrote must not make the list unreadable.
        public DateTime? Time(string name)
        {
            try
            {
                return JobHelper.DeserializeNullableDateTime(Text(name));
            }
            catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
            {
                return null;
            }
        }
    }
}
