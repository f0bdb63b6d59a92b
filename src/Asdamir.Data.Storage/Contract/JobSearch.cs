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
    private const int MaxSize = 1_000;
    private const int MaxCount = 1_000_000;

    // How many rows are scanned for conditions without an index.
    private const int Window = 10_000;
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
        var after = SearchCursor.Parse(query.After);
        // A page whose last job is the last of all has no next page: the rest of the window tells.
        var wanted = query.Accepts is null ? query.Size : query.Size + 1;
        using var session = database.Read();
        List<Hit> hits = [];
        SearchCursor? stopped = null;
        foreach (var state in StatesOf(query))
        {
            var search = Rows(state, query, after);
            var found = Hits(session, state, query, after, wanted).Take(wanted).ToList();
            hits.AddRange(found);
            if (search.IsWindowed && found.Count < wanted
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
        var continues = isFull && (query.Accepts is null || hits.Count > query.Size);
        var next = continues ? new SearchCursor(page[^1].At, page[^1].Id, queueRow) : stopped;
        return new JobPage
        {
            Jobs = page.ConvertAll(static hit => hit.Item), Next = next?.ToString(), IsPartial = !isFull && stopped is not null
        };

        int Compare(long at, long id, long otherAt, long otherId) =>
            query.OldestFirst ? (at, id).CompareTo((otherAt, otherId)) : (otherAt, otherId).CompareTo((at, id));
    }

    // The rows that are scanned do not depend on what is rejected: it only takes more queries to read them.
    private IEnumerable<Hit> Hits(Session session, string state, JobQuery query, SearchCursor? after, int size)
    {
        Hit? last = null;
        for (; ; size = Math.Min(size * 4, MaxSize))
        {
            var search = Rows(state, query, after);
            if (last is not null)
                search.Beyond(last.At, last.Id);
            var hits = session.Query(search.PageSql(size), FoundJob.Read, search.Parameters).ConvertAll(found => HitOf(found, state));
            foreach (var hit in hits)
            {
                if (query.Accepts is not { } accepts || accepts(hit.Item))
                    yield return hit;
            }
            if (query.Accepts is null || hits.Count < size)
                yield break;
            last = hits[^1];
        }
    }

    private Hit? FindById(Session session, long id, JobQuery query)
    {
        foreach (var state in StatesOf(query).Where(static state => !IsQueued(state)))
        {
            var search = Rows(state, query with { Text = null }, after: null);
            search.Where("j.id = @wanted", ("@wanted", id));
            if (session.Query(search.PageSql(1), FoundJob.Read, search.Parameters) is [var found])
                return HitOf(found, state);
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
        using var session = database.Read();
        long count = 0;
        foreach (var state in StatesOf(query))
        {
            if (count >= limit)
                break;
            if (query.Accepts is not null)
            {
                count += Hits(session, state, query, after: null, MaxSize).Take((int)(limit - count)).Count();
                continue;
            }
            var search = Rows(state, query, after: null);
            count += session.Number(search.CountSql(limit - count), search.Parameters) ?? 0;
        }
        return Math.Min(count, limit);
    }

    public IReadOnlyList<QueueDepth> Queues(CappedCounts counts)
    {
        return QueueTable.Names(database).ConvertAll(queue => new QueueDepth
        {
            Name = queue,
            Waiting = counts.Count(QueueTable.Waiting, ("@queue", queue)),
            OldestAt = QueueTable.OldestAt(database, queue),
            Claimed = counts.Count(QueueTable.Claimed, ("@queue", queue)),
        });
    }

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

    private static bool IsQueued(string state) => state.Equals(EnqueuedState.StateName, StringComparison.OrdinalIgnoreCase);

    private static string[] StatesOf(JobQuery query) => query.State is { } state ? [state] : States;

    private SearchSql Rows(string state, JobQuery query, SearchCursor? after) =>
        SearchSql.Of(
            database, state, IsQueued(state), query, after, JobIds.TryParse(query.Text, out var id) ? id : null, Window, DeletedInQueue);

    private static Hit HitOf(FoundJob found, string state) => new(found.At, found.Job.Row.Id, found.QueueRow, new JobListItem
    {
        Id = JobIds.Format(found.Job.Row.Id),
        Name = found.Name,
        Queue = found.Queue,
        State = state,
        StateAt = Micros.ToUtc(found.At),
        Reason = found.Job.State.Reason,
        StateData = found.Job.State.Data,
        StartedAt = found.StartedAt,
        CreatedAt = found.Job.Row.CreatedAt,
        Invocation = JobReader.InvocationOf(found.Job.Row.Invocation),
    });

    private sealed record Hit(long At, long Id, long? QueueRow, JobListItem Item);
}
