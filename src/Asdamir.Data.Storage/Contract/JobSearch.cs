using System.Data.Common;
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
                && session.First(search.WindowEndSql(query.Size), ReadEnd, search.Parameters) is { } end
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
            var hits = session.Query(search.PageSql(size), row => ReadHit(row, state), search.Parameters);
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
            if (session.Query(search.PageSql(1), row => ReadHit(row, state), search.Parameters) is [var hit])
                return hit;
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
        using var session = database.Read();
        return session.Query(JobQueues.Names, static row => row.GetString(0)).ConvertAll(queue => new QueueDepth
        {
            Name = queue,
            Waiting = counts.Count(JobQueues.Waiting, ("@queue", queue)),
            // The first in line: the index knows only that order, and it is the one of the times.
            OldestAt = session.First(
                $"SELECT q.added_at {JobQueues.Waiting} ORDER BY q.id LIMIT 1", static row => row.TimeOrNull(0), ("@queue", queue)),
            Claimed = counts.Count(JobQueues.Claimed, ("@queue", queue)),
        });
    }

    public IReadOnlyList<JobFailures> TopFailures(string? queue, DateTimeOffset from, int size)
    {
        if (size is < 1 or > 100)
            throw new ArgumentException($"{nameof(size)} = {size} is out of range. Fix: use a number from 1 to 100.", nameof(size));
        using var session = database.Read();
        return session.Query(
            $$"""
            SELECT name, queue, count(*), max(state_at), max(id) FROM (
                SELECT name, queue, state_at, id FROM {s}job
                WHERE {{StateSql.Is("state", FailedState.StateName)}} AND state_at >= @from {{(queue is null ? "" : "AND queue = @queue")}}
                ORDER BY state_at DESC, id DESC LIMIT {{FailureWindow}}) AS failed
            GROUP BY name, queue ORDER BY 3 DESC, 4 DESC LIMIT {{size}}
            """,
            static row => new JobFailures
            {
                Name = row.GetString(0),
                Queue = row.GetString(1),
                Count = row.GetInt64(2),
                LastAt = Micros.ToUtc(row.GetInt64(3)),
                LastId = JobIds.Format(row.GetInt64(4)),
            },
            queue is null ? [("@from", Micros.Of(from.UtcDateTime))] : [("@from", Micros.Of(from.UtcDateTime)), ("@queue", queue)]);
    }

    private static bool IsQueued(string state) => state.Equals(EnqueuedState.StateName, StringComparison.OrdinalIgnoreCase);

    private static string[] StatesOf(JobQuery query) => query.State is { } state ? [state] : States;

    private SearchSql Rows(string state, JobQuery query, SearchCursor? after)
    {
        var isQueued = IsQueued(state);
        var search = new SearchSql(database, isQueued, query.OldestFirst, Window, DeletedInQueue);
        search.Where(isQueued ? "q.claimed_by IS NULL" : StateSql.Is("j.state", state));
        var at = isQueued ? "q.added_at" : "j.state_at";
        if (query.Queue is { } queue)
            search.Where(isQueued ? "q.queue = @queue" : "j.queue = @queue", ("@queue", queue));
        if (query.From is { } from)
            search.Where($"{at} >= @from", ("@from", Micros.Of(from.UtcDateTime)));
        if (query.To is { } to)
            search.Where($"{at} < @to", ("@to", Micros.Of(to.UtcDateTime)));
        var beyond = query.OldestFirst ? ">" : "<";
        if (after is { QueueRow: { } row } && isQueued)
            search.Where($"q.id {beyond} @row", ("@row", row));
        else if (after is { } cursor)
        {
            search.Where(
                isQueued ? $"(q.added_at, q.job_id) {beyond} (@at, @id)" : $"(j.state_at, j.id) {beyond} (@at, @id)", ("@at", cursor.At),
                ("@id", cursor.Id));
        }
        if (query.Name is { } name)
            search.WhereJob("j.name = @name", isIndexed: !isQueued, ("@name", name));
        if (query.Text is { Length: > 0 } text)
            AddText(search, text);
        // It may reject any row.
        if (query.Accepts is not null)
            search.WhereJob("1 = 1", isIndexed: false);
        return search;
    }

    // Arguments are JSON in JSON, and in JSON once more for jobs that carry a payload; a state is JSON.
    private void AddText(SearchSql search, string text)
    {
        List<(string Column, string Text)> places = [(CurrentState.TextColumn, Escaped(text, 1)), ("j.arguments", Escaped(text, 2))];
        if (Escaped(text, 3) is var deeper && deeper != places[1].Text)
            places.Add(("j.arguments", deeper));
        List<string> conditions = [];
        List<Parameter> parameters = [];
        for (var i = 0; i < places.Count; i++)
        {
            conditions.Add(database.Like(places[i].Column, $"@text{i}"));
            var escaped = places[i].Text
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("%", "\\%", StringComparison.Ordinal)
                .Replace("_", "\\_", StringComparison.Ordinal);
            parameters.Add(($"@text{i}", $"%{escaped}%"));
        }
        if (JobIds.TryParse(text, out var id))
        {
            conditions.Add("j.id = @textId");
            parameters.Add(("@textId", id));
        }
        search.WhereJob($"({string.Join(" OR ", conditions)})", isIndexed: false, [.. parameters]);
    }

    private static string Escaped(string text, int times) =>
        times == 0
            ? text
            : Escaped(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), times - 1);

    private static Hit ReadHit(DbDataReader row, string state)
    {
        var job = JobRow.Read(row);
        var current = CurrentState.Read(row, JobRow.Count);
        const int first = JobRow.Count + CurrentState.Count;
        var at = row.NumberOrNull(first + 2) ?? 0;
        var queueRow = row.NumberOrNull(first + 3);
        return new Hit(at, job.Id, queueRow, new JobListItem
        {
            Id = JobIds.Format(job.Id),
            Name = row.GetString(first),
            Queue = row.GetString(first + 1),
            State = state,
            StateAt = Micros.ToUtc(at),
            Reason = current.Reason,
            StateData = current.Data,
            StartedAt = row.TimeOrNull(first + 4),
            CreatedAt = job.CreatedAt,
            Invocation = JobReader.InvocationOf(job.Invocation),
        });
    }

    private static WindowEnd ReadEnd(DbDataReader row) =>
        new(new SearchCursor(row.NumberOrNull(0) ?? 0, row.GetInt64(1), row.NumberOrNull(2)), row.GetInt64(3));

    private sealed record Hit(long At, long Id, long? QueueRow, JobListItem Item);

    private sealed record WindowEnd(SearchCursor Cursor, long Rows);
}
