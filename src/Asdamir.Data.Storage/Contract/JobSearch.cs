using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.States;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// Answers <see cref="IJobSearch"/>. A state is asked for at a time, each along the index that fits; the pages of several
/// states are merged by time.
/// </summary>
internal sealed class JobSearch(SqlDatabase database)
{
    /// <summary>How many rows are scanned for conditions without an index.</summary>
    public const int Window = 10_000;

    public const int MaxSize = 1_000;

    private const int MaxCount = 1_000_000;
    private const int FailureWindow = 20_000;
    private const int DeletedInQueue = 100;

    private static readonly string[] States =
    [
        EnqueuedState.StateName, ProcessingState.StateName, ScheduledState.StateName, AwaitingState.StateName,
        SucceededState.StateName, FailedState.StateName, DeletedState.StateName,
    ];

    public JobPage Find(JobQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Size is < 1 or > MaxSize)
        {
            throw new ArgumentException(
                $"{nameof(query.Size)} = {query.Size} is out of range. Fix: use a number from 1 to {MaxSize}.", nameof(query));
        }
        return query.Accepts is { } accepts ? new JobScan(database).Find(query, accepts) : FindByIndex(query);
    }

    private JobPage FindByIndex(JobQuery query)
    {
        var after = SearchCursor.Parse(query.After);
        // A job that changes its state meanwhile is listed once.
        using var session = database.ReadSnapshot();
        List<SearchHit> hits = [];
        SearchCursor? stopped = null;
        foreach (var state in StatesOf(query))
        {
            var search = Rows(state, query, after);
            var found = session.Query(search.PageSql(query.Size), FoundJob.Read, search.Parameters);
            hits.AddRange(found.Select(row => SearchHit.Of(row, state)));
            if (search.IsWindowed && found.Count < query.Size
                && session.First(search.WindowEndSql(query.Size), WindowEnd.Read, search.Parameters) is { } end
                && end.Rows >= search.WindowOf(query.Size))
            {
                stopped = stopped is { } other && Compare(other.At, other.Id, end.Cursor.At, end.Cursor.Id) < 0 ? other : end.Cursor;
            }
        }
        hits.Sort((one, other) => Compare(one.At, one.Id, other.At, other.Id));
        // Beyond the end of the shortest window, jobs of one state might be missing between those of another.
        if (stopped is { } limit)
            hits.RemoveAll(hit => Compare(hit.At, hit.Id, limit.At, limit.Id) > 0);
        // A search for an id lists that job first, whatever its age.
        if (after is null && query.Text is { } text && JobIds.TryParse(text, out var id) && FindById(session, id, query) is { } named)
        {
            hits.RemoveAll(hit => hit.Id == id);
            hits.Insert(0, named);
        }
        var page = hits.Take(query.Size).ToList();
        var isFull = page.Count == query.Size;
        var queueRow = page.FindLast(static hit => hit.QueueRow is not null)?.QueueRow ?? after?.QueueRow;
        var next = isFull ? new SearchCursor(page[^1].At, page[^1].Id, queueRow) : stopped;
        return new JobPage
        {
            Jobs = page.ConvertAll(static hit => hit.Item), Next = next?.ToString(), IsPartial = !isFull && stopped is not null
        };

        int Compare(long at, long id, long otherAt, long otherId) =>
            query.OldestFirst ? (at, id).CompareTo((otherAt, otherId)) : (otherAt, otherId).CompareTo((at, id));
    }

    /// <summary>The job with this id, whatever its age, unless it waits in a queue.</summary>
    public SearchHit? FindById(Session session, long id, JobQuery query)
    {
        foreach (var state in StatesOf(query).Where(static state => !IsQueued(state)))
        {
            var search = Rows(state, query with { Text = null }, after: null);
            search.Where("j.id = @wanted", ("@wanted", id));
            if (session.Query(search.PageSql(1), FoundJob.Read, search.Parameters) is [var found])
                return SearchHit.Of(found, state);
        }
        return null;
    }

    public long Count(JobQuery query, int limit)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (limit is < 1 or > MaxCount)
        {
            throw new ArgumentException(
                $"{nameof(limit)} = {limit} is out of range. Fix: use a number from 1 to {MaxCount}.", nameof(limit));
        }
        if (query.Accepts is { } accepts)
            return new JobScan(database).Count(query, accepts, limit);
        using var session = database.ReadSnapshot();
        long count = 0;
        foreach (var state in StatesOf(query))
        {
            if (count >= limit)
                break;
            var search = Rows(state, query, after: null);
            count += session.Number(search.CountSql(limit - count), search.Parameters) ?? 0;
        }
        return Math.Min(count, limit);
    }

    public IReadOnlyList<QueueDepth> Queues(CappedCounts counts)
    {
        return QueueTable.Names(database).ConvertAll(queue =>
        {
            var oldest = QueueTable.Oldest(database, queue);
            return new QueueDepth
            {
                Name = queue,
                Waiting = counts.Count(QueueTable.Waiting, ("@queue", queue)),
                OldestAt = oldest.At,
                OldestUnlimitedAt = oldest.UnlimitedAt,
                Claimed = counts.Count(QueueTable.Claimed, ("@queue", queue)),
            };
        });
    }

    public static IReadOnlyList<ServerRecord> ServersOf(SqlDatabase database) =>
        ServerTable.Recent(database).ConvertAll(static server => new ServerRecord
        {
            Id = server.Id,
            Queues = server.Data.Queues,
            Workers = server.Data.WorkerCount,
            StartedAt = server.StartedAt,
            HeartbeatAt = server.HeartbeatAt,
            EndedAt = server.EndedAt,
            HasDied = server.Rescued is not null,
            RescuedJobs = server.Rescued ?? 0,
        });

    public IReadOnlyList<JobFailures> TopFailures(string? queue, DateTimeOffset from, int size)
    {
        if (size is < 1 or > 100)
            throw new ArgumentException($"{nameof(size)} = {size} is out of range. Fix: use a number from 1 to 100.", nameof(size));
        return JobTable.TopFailures(database, queue, from.UtcDateTime, size, FailureWindow).ConvertAll(static failed => new JobFailures
        {
            Name = failed.Name,
            Queue = failed.Queue,
            Count = failed.Count,
            LastAt = failed.LastAt,
            LastId = JobIds.Format(failed.LastId),
        });
    }

    public JobFailureGroups FailureGroups(string? queue, DateTimeOffset from, int size)
    {
        if (size is < 1 or > 100)
            throw new ArgumentException($"{nameof(size)} = {size} is out of range. Fix: use a number from 1 to 100.", nameof(size));
        var (groups, read) = FailureTable.Groups(database, queue, from.UtcDateTime, size, FailureWindow);
        var errors = JobTable.CurrentStates(database, [.. groups.Select(static group => group.LastId)]);
        return new JobFailureGroups { Groups = groups.ConvertAll(Group), Read = read, IsPartial = read >= FailureWindow };

        JobFailureGroup Group(FailureRow group)
        {
            var error = errors.GetValueOrDefault(group.LastId)?.Data ?? [];
            return new JobFailureGroup
            {
                Name = group.Name,
                Queue = group.Queue,
                Fingerprint = group.Fingerprint,
                Count = group.Count,
                FirstAt = group.FirstAt,
                LastAt = group.LastAt,
                LastId = JobIds.Format(group.LastId),
                ErrorType = error.GetValueOrDefault("ExceptionType"),
                ErrorMessage = error.GetValueOrDefault("ExceptionMessage"),
            };
        }
    }

    private static bool IsQueued(string state) => state.Equals(EnqueuedState.StateName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The states that a query asks for, each of which is read separately.</summary>
    public static string[] StatesOf(JobQuery query) => query.State is { } state ? [state] : States;

    /// <summary>The statements for the jobs of a query in one of its states.</summary>
    public SearchSql Rows(string state, JobQuery query, SearchCursor? after) =>
        SearchSql.Of(
            database, state, IsQueued(state), query, after, JobIds.TryParse(query.Text, out var id) ? id : null, Window, DeletedInQueue);
}
