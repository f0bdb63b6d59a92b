using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.Storage.Contract;

internal sealed partial class StorageMonitor
{
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
        var rows = Rows(AwaitingState.StateName, Oldest, from, count);
        var states = JobTable.States(_database, [.. rows.Select(static row => row.ParentId).Distinct()]);
        return ToList(rows, row => new AwaitingJobDto
        {
            Job = row.Data.Job,
            LoadException = row.Data.LoadException,
            InvocationData = row.Data.InvocationData,
            InAwaitingState = true,
            AwaitingAt = row.At,
            StateData = row.State,
            ParentStateName = states.GetValueOrDefault(row.ParentId),
        });
    }

    public override JobList<EnqueuedJobDto> EnqueuedJobs(string queue, int from, int perPage)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return ToList(QueueTable.WaitingJobs(_database, queue, from, perPage).Select(Listed), static row =>
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
        var claims = QueueTable.ClaimedJobs(_database, queue, from, perPage)
            .Select(claim => (Listed: Listed(claim), At: claim.ClaimedAt));
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
        return QueueTable.Names(_database).ConvertAll(queue => new QueueWithTopEnqueuedJobsDto
        {
            Name = queue,
            Length = EnqueuedCount(queue),
            Fetched = FetchedCount(queue),
            FirstJobs = EnqueuedJobs(queue, 0, 5),
        });
    }

    private const bool Newest = true;

    private const bool Oldest = false;

    private JobList<T> List<T>(string state, int from, int count, bool newestFirst, Func<Row, T> map) =>
        ToList(Rows(state, newestFirst, from, count), map);

    private List<Row> Rows(string state, bool newestFirst, int from, int count) =>
        JobTable.InState(_database, state, newestFirst, from, count).ConvertAll(Listed);

    private static JobList<T> ToList<T>(IEnumerable<Row> rows, Func<Row, T> map) =>
        new(rows.Select(row => KeyValuePair.Create(JobIds.Format(row.Id), map(row))));

    private Row Listed(ListedJob job) => new(
        job.Row.Id, new JobReader(open.JobLoader).Read(job.Row), job.State.At is { } at ? Micros.ToUtc(at) : null, job.State.Reason,
        UntrustedJson.ReadState(job.State, open.JobLoader));

    // A job that is gone is counted and listed like any other.
    private Row Listed(QueuedJob queued) =>
        queued.Job is { } job ? Listed(job) : new Row(queued.JobId, new JobData(), At: null, Reason: null, State: []);

    private sealed record Row(long Id, JobData Data, DateTime? At, string? Reason, Dictionary<string, string> State)
    {
        // Without regard to case, as in Hangfire's other storages.
        public bool IsEnqueued => EnqueuedState.StateName.Equals(Data.State, StringComparison.OrdinalIgnoreCase);

        public string? Text(string name) => State.GetValueOrDefault(name);

        public long ParentId => JobIds.TryParse(Text("ParentId"), out var id) ? id : 0;

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
