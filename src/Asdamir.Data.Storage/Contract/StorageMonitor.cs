using System.Globalization;
using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.Storage.Contract;

/// <summary>What Hangfire's dashboard asks.</summary>
internal sealed partial class StorageMonitor(OpenStorage open) : JobStorageMonitor
{
    private const int LongestText = 500;

    private readonly StorageEngine _engine = open.Engine;
    private readonly SqlDatabase _database = open.Engine.Database;

    public override StatisticsDto GetStatistics()
    {
        return new StatisticsDto
        {
            Enqueued = _engine.Counts.Count(QueueTable.AllEnqueued(_database)),
            Processing = CountOf(ProcessingState.StateName),
            Scheduled = CountOf(ScheduledState.StateName),
            Failed = CountOf(FailedState.StateName),
            Awaiting = AwaitingCount(),
            Succeeded = CounterTable.Value(_database, "stats:succeeded"),
            Deleted = CounterTable.Value(_database, "stats:deleted"),
            Recurring = KeyedTable.Sets.Count(_database, DueSets.Recurring),
            Retries = KeyedTable.Sets.Count(_database, "retries"),
            Servers = ServerTable.Count(_database),
            Queues = QueueTable.Names(_database).Count,
        };
    }

    public override IList<ServerDto> Servers() =>
        ServerTable.Running(_database).ConvertAll(static server => new ServerDto
        {
            Name = server.Id,
            WorkersCount = server.Data.WorkerCount,
            Queues = [.. server.Data.Queues],
            StartedAt = server.StartedAt,
            Heartbeat = server.HeartbeatAt,
        });

    public override JobDetailsDto? JobDetails(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        if (!JobIds.TryParse(jobId, out var id))
            return null;
        _engine.Unwritten.Flush(id);
        if (JobTable.Details(_database, id) is not (JobRow job, var expireAt))
            return null;
        using var session = _database.Read();
        var reader = new JobReader(open.JobLoader);
        var data = reader.Read(job);
        return new JobDetailsDto
        {
            Job = data.Job,
            LoadException = data.LoadException,
            InvocationData = data.InvocationData,
            CreatedAt = job.CreatedAt,
            ExpireAt = expireAt,
            Properties = PropertiesOf(data, reader.ParametersOf(job)),
            History = JobHistory.Read(session, id).ConvertAll(entry => new StateHistoryDto
            {
                StateName = entry.Name,
                Reason = entry.Reason,
                CreatedAt = entry.At is { } at ? Micros.ToUtc(at) : default,
                Data = UntrustedJson.ReadState(entry, open.JobLoader),
            }),
        };
    }

    // The names are those under which Hangfire's dashboard shows a job that it has not loaded.
    private static Dictionary<string, string> PropertiesOf(JobData data, Dictionary<string, string> properties)
    {
        if (data.LoadException is { } exception)
        {
            properties["DBG_Type"] = Cut(data.InvocationData?.Type);
            properties["DBG_Method"] = Cut(data.InvocationData?.Method);
            properties["DBG_Exception"] = Cut((exception.InnerException ?? exception).Message);
        }
        return properties;
    }

    private static string Cut(string? text) =>
        text is { Length: > LongestText } ? string.Concat(text.AsSpan(0, LongestText), "…") : text ?? "";

    public override long ScheduledCount() => CountOf(ScheduledState.StateName);

    public override long EnqueuedCount(string queue) => CountOfQueue(QueueTable.Waiting, queue);

    public override long FetchedCount(string queue) => CountOfQueue(QueueTable.Claimed, queue);

    public override long FailedCount() => CountOf(FailedState.StateName);

    public override long ProcessingCount() => CountOf(ProcessingState.StateName);

    public override long SucceededListCount() => CountOf(SucceededState.StateName);

    public override long DeletedListCount() => CountOf(DeletedState.StateName);

    public override long AwaitingCount() => CountOf(AwaitingState.StateName);

    public override IDictionary<DateTime, long> SucceededByDatesCount() => ByDate("succeeded");

    public override IDictionary<DateTime, long> FailedByDatesCount() => ByDate("failed");

    public override IDictionary<DateTime, long> DeletedByDatesCount() => ByDate("deleted");

    public override IDictionary<DateTime, long> HourlySucceededJobs() => ByHour("succeeded");

    public override IDictionary<DateTime, long> HourlyFailedJobs() => ByHour("failed");

    public override IDictionary<DateTime, long> HourlyDeletedJobs() => ByHour("deleted");

    private long CountOfQueue(string rows, string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return _engine.Counts.Count(rows, ("@queue", queue));
    }

    private long CountOf(string state) => _engine.Counts.Count(StateSql.Rows(state));

    private Dictionary<DateTime, long> ByDate(string what)
    {
        var today = _engine.Database.Time.GetUtcNow().UtcDateTime.Date;
        return Graph(what, "yyyy-MM-dd", Enumerable.Range(0, 7).Select(day => today.AddDays(-day)));
    }

    private Dictionary<DateTime, long> ByHour(string what)
    {
        var now = _engine.Database.Time.GetUtcNow().UtcDateTime;
        return Graph(what, "yyyy-MM-dd-HH", Enumerable.Range(0, 24).Select(hour => now.AddHours(-hour)));
    }

    private Dictionary<DateTime, long> Graph(string what, string format, IEnumerable<DateTime> times)
    {
        var keys = times.ToDictionary(static time => time, time => $"stats:{what}:{time.ToString(format, CultureInfo.InvariantCulture)}");
        var counts = CounterTable.Values(_database, [.. keys.Values]);
        return keys.ToDictionary(static key => key.Key, key => counts.GetValueOrDefault(key.Value));
    }
}
