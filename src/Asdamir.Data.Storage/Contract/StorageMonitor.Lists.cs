using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.Storage.Contract;

internal sealed partial class StorageMonitor
{
    private const string ListColumns = JobRow.Columns + ", " + CurrentState.Columns;
    private const int ListCount = JobRow.Count + CurrentState.Count;

    public override JobList<ProcessingJobDto> ProcessingJobs(int from, int count) =>
        List(ProcessingState.StateName, from, count, Oldest, static row => new ProcessingJobDto
        {
            Job = row.Data.Job,
            LoadException = row.Data.LoadException,
            InvocationData = row.Data.InvocationData,
            InProcessingState = true,
            ServerId = row.Text("ServerId") ?? row.Text("ServerName"),
            StartedAt = row.Time("StartedAt") ?? row.At,
            StateData = row.State,
        });

    public override JobList<ScheduledJobDto> ScheduledJobs(int from, int count) =>
        List(ScheduledState.StateName, from, count, Oldest, static row => new ScheduledJobDto
        {
            Job = row.Data.Job,
            LoadException = row.Data.LoadException,
            InvocationData = row.Data.InvocationData,
            InScheduledState = true,
            EnqueueAt = row.Time("EnqueueAt") ?? DateTime.MinValue,
            ScheduledAt = row.Time("ScheduledAt") ?? row.At,
            StateData = row.State,
        });

    public override JobList<SucceededJobDto> SucceededJobs(int from, int count) =>
        List(SucceededState.StateName, from, count, Newest, static row => new SucceededJobDto
        {
            Job = row.Data.Job,
            LoadException = row.Data.LoadException,
            InvocationData = row.Data.InvocationData,
            InSucceededState = true,
            Result = row.Text("Result"),
            TotalDuration = row.Number("PerformanceDuration") is { } duration && row.Number("Latency") is { } latency
            ? duration + latency
            : null,
            SucceededAt = row.Time("SucceededAt") ?? row.At,
            StateData = row.State,
        });

    public override JobList<FailedJobDto> FailedJobs(int from, int count) =>
        List(FailedState.StateName, from, count, Newest, static row => new FailedJobDto
        {
            Job = row.Data.Job,
            LoadException = row.Data.LoadException,
            InvocationData = row.Data.InvocationData,
            InFailedState = true,
            Reason = row.Reason,
            ExceptionType = row.Text("ExceptionType"),
            ExceptionMessage = row.Text("ExceptionMessage"),
            ExceptionDetails = row.Text("ExceptionDetails"),
            FailedAt = row.Time("FailedAt") ?? row.At,
            StateData = row.State,
        });

    public override JobList<DeletedJobDto> DeletedJobs(int from, int count) =>
        List(DeletedState.StateName, from, count, Newest, static row => new DeletedJobDto
        {
            Job = row.Data.Job,
            LoadException = row.Data.LoadException,
            InvocationData = row.Data.InvocationData,
            InDeletedState = true,
            DeletedAt = row.Time("DeletedAt") ?? row.At,
            StateData = row.State,
        });

    public override JobList<AwaitingJobDto> AwaitingJobs(int from, int count)
    {
        using var session = _database.Read();
        var rows = session.Query(ListSql(AwaitingState.StateName, Oldest), Read, ("@from", from), ("@count", count));
        var parents = rows.Select(static row => JobIds.TryParse(row.Text("ParentId"), out var id) ? id : 0).Distinct().ToArray();
        var states = session.Query(
            "SELECT id, state FROM {s}job WHERE " + _database.AnyOf("id", "@ids"),
            static row => KeyValuePair.Create(JobIds.Format(row.GetInt64(0)), row.TextOrNull(1)), ("@ids", parents)).ToDictionary();
        return ToList(rows, row => new AwaitingJobDto
        {
            Job = row.Data.Job,
            LoadException = row.Data.LoadException,
            InvocationData = row.Data.InvocationData,
            InAwaitingState = true,
            AwaitingAt = row.At,
            StateData = row.State,
            ParentStateName = row.Text("ParentId") is { } parent ? states.GetValueOrDefault(parent) : null,
        });
    }

    public override JobList<EnqueuedJobDto> EnqueuedJobs(string queue, int from, int perPage)
    {
        ArgumentNullException.ThrowIfNull(queue);
        using var session = _database.Read();
        return ToList(session.Query(
            QueueSql("NULL", JobQueues.Waiting), ReadQueued, ("@queue", queue), ("@from", from), ("@count", perPage)), static row =>
            new EnqueuedJobDto
            {
                Job = row.Data.Job,
                LoadException = row.Data.LoadException,
                InvocationData = row.Data.InvocationData,
                State = row.Data.State,
                InEnqueuedState = row.IsEnqueued,
                EnqueuedAt = row.IsEnqueued ? row.Time("EnqueuedAt") ?? row.At : null,
                StateData = row.State,
            });
    }

    public override JobList<FetchedJobDto> FetchedJobs(string queue, int from, int perPage)
    {
        ArgumentNullException.ThrowIfNull(queue);
        using var session = _database.Read();
        var claims = session.Query(
            QueueSql("q.claimed_at", JobQueues.Claimed), row => (Listed: ReadQueued(row), At: row.TimeOrNull(ListCount + 1)),
            ("@queue", queue), ("@from", from), ("@count", perPage));
        return new JobList<FetchedJobDto>(claims.Select(static claim =>
            KeyValuePair.Create(JobIds.Format(claim.Listed.Id), new FetchedJobDto
            {
                Job = claim.Listed.Data.Job,
                LoadException = claim.Listed.Data.LoadException,
                InvocationData = claim.Listed.Data.InvocationData,
                State = claim.Listed.Data.State,
                FetchedAt = claim.At,
            })));
    }

    public override IList<QueueWithTopEnqueuedJobsDto> Queues()
    {
        using var session = _database.Read();
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
        using var session = _database.Read();
        return ToList(session.Query(ListSql(state, order), Read, ("@from", from), ("@count", count)), map);
    }

    private static string ListSql(string state, string order) =>
        $"SELECT {ListColumns} FROM {{s}}job AS j WHERE {StateSql.Is("j.state", state)} ORDER BY {order} LIMIT @count OFFSET @from";

    // A row whose job is gone stays in its queue until a worker comes to it, and is counted and listed like any other.
    private string QueueSql(string at, string rows)
    {
        var joined = $" LEFT JOIN {{s}}job AS j ON {_database.LookUp("j.id", "q.job_id")} WHERE ";
        return $"SELECT {ListColumns}, q.job_id, {at} {rows.Replace(" WHERE ", joined, StringComparison.Ordinal)} "
            + "ORDER BY q.id LIMIT @count OFFSET @from";
    }

    private static JobList<T> ToList<T>(IEnumerable<Listed> rows, Func<Listed, T> map) =>
        new(rows.Select(row => KeyValuePair.Create(JobIds.Format(row.Id), map(row))));

    private Listed Read(System.Data.Common.DbDataReader row)
    {
        var job = JobRow.Read(row);
        var state = CurrentState.Read(row, JobRow.Count);
        var loader = open.JobLoader;
        return new Listed(
            job.Id, new JobReader(loader).Read(job), state.At is { } at ? Micros.ToUtc(at) : null, state.Reason,
            UntrustedJson.ReadState(state, loader));
    }

    private Listed ReadQueued(System.Data.Common.DbDataReader row) =>
        row.IsDBNull(0) ? new Listed(row.GetInt64(ListCount), new JobData(), At: null, Reason: null, State: []) : Read(row);

    private sealed record Listed(long Id, JobData Data, DateTime? At, string? Reason, Dictionary<string, string> State)
    {
        // Without regard to case, as in Hangfire's other storages.
        public bool IsEnqueued => EnqueuedState.StateName.Equals(Data.State, StringComparison.OrdinalIgnoreCase);

        public string? Text(string name) => State.GetValueOrDefault(name);

        public long? Number(string name) =>
            long.TryParse(Text(name), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

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
