using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// A search in which the caller decides on each job. Which rows it reads depends on their number and length only, never on what they
/// contain or on what the caller looks for: otherwise the time of the answer would tell what the caller hides.
/// </summary>
internal sealed class JobScan(SqlDatabase database)
{
    private const int FirstChunk = 250;

    // What takes a second or less to mask. The stack traces of 10,000 failed jobs would take several.
    private const long MostText = 16_000_000;

    private readonly JobSearch _search = new(database);

    public JobPage Find(JobQuery query, Func<JobListItem, bool> accepts)
    {
        using var session = database.ReadSnapshot();
        List<SearchHit> accepted = [];
        // A page whose last job is the last of all has no next page: the rest of the window tells.
        var end = Scan(session, query, accepts, hit =>
        {
            accepted.Add(hit);
            return accepted.Count <= query.Size;
        });
        // A search for an id lists that job first, whatever its age.
        if (query.After is null && JobIds.TryParse(query.Text, out var id) && _search.FindById(session, id, query) is { } named)
        {
            accepted.RemoveAll(hit => hit.Id == id);
            accepted.Insert(0, named);
        }
        var page = accepted.Take(query.Size).ToList();
        var next = accepted.Count > query.Size ? CursorOf(page[^1], page, query) : end;
        return new JobPage
        {
            Jobs = page.ConvertAll(static hit => hit.Item),
            Next = next?.ToString(),
            IsPartial = page.Count < query.Size && end is not null,
        };
    }

    public long Count(JobQuery query, Func<JobListItem, bool> accepts, int limit)
    {
        using var session = database.ReadSnapshot();
        var count = 0;
        Scan(session, query, accepts, _ => ++count < limit);
        return count;
    }

    /// <summary>Reads jobs in their order until the window ends, or <paramref name="found"/> wants no more.</summary>
    /// <returns>Where it ended although there may be more; <see langword="null"/> when there is none.</returns>
    private SearchCursor? Scan(Session session, JobQuery query, Func<JobListItem, bool> accepts, Func<SearchHit, bool> found)
    {
        var after = SearchCursor.Parse(query.After);
        var all = query with { Text = null, Accepts = null };
        var queueRow = after?.QueueRow;
        var rows = 0;
        long text = 0;
        foreach (var (cursor, hit) in Merge(
            JobSearch.StatesOf(query).Select(state => Read(session, state, all, after)), query.OldestFirst))
        {
            queueRow = cursor.QueueRow ?? queueRow;
            if (hit is null)
                return cursor with { QueueRow = queueRow };
            if (accepts(hit.Item) && !found(hit))
                return cursor with { QueueRow = queueRow };
            text += LengthOf(hit.Item);
            if (++rows >= JobSearch.Window || text >= MostText)
                return cursor with { QueueRow = queueRow };
        }
        return null;
    }

    // The jobs of one state. One without a job is where the rows of the window end.
    private IEnumerable<(SearchCursor At, SearchHit? Hit)> Read(Session session, string state, JobQuery query, SearchCursor? after)
    {
        long skipped = 0;
        for (var size = FirstChunk; ; size = Math.Min(size * 2, JobSearch.MaxSize))
        {
            var search = _search.Rows(state, query, after);
            var hits = session.Query(search.PageSql(size), FoundJob.Read, search.Parameters)
                .ConvertAll(row => SearchHit.Of(row, state));
            foreach (var hit in hits)
                yield return (new SearchCursor(hit.At, hit.Id, hit.QueueRow), hit);
            if (hits.Count == size)
            {
                after = CursorOf(hits[^1], hits, query);
                continue;
            }
            if (!search.IsWindowed
                || session.First(search.WindowEndSql(size), WindowEnd.Read, search.Parameters) is not { } end
                || end.Rows < search.WindowOf(size))
            {
                yield break;
            }
            after = end.Cursor;
            skipped += end.Rows;
            if (skipped >= JobSearch.Window)
            {
                yield return (end.Cursor, null);
                yield break;
            }
        }
    }

    // The last row of a queue that was read: rows of a queue are numbered in the order in which they were added.
    private static SearchCursor CursorOf(SearchHit last, List<SearchHit> hits, JobQuery query)
    {
        var row = query.OldestFirst ? hits.Max(static hit => hit.QueueRow) : hits.Min(static hit => hit.QueueRow);
        return new SearchCursor(last.At, last.Id, row ?? SearchCursor.Parse(query.After)?.QueueRow);
    }

    private static IEnumerable<(SearchCursor At, SearchHit? Hit)> Merge(
        IEnumerable<IEnumerable<(SearchCursor At, SearchHit? Hit)>> states, bool oldestFirst)
    {
        var direction = oldestFirst ? 1 : -1;
        var next = new PriorityQueue<IEnumerator<(SearchCursor At, SearchHit? Hit)>, (long At, long Id)>(
            Comparer<(long At, long Id)>.Create((one, other) => direction * one.CompareTo(other)));
        foreach (var state in states)
            Continue(state.GetEnumerator());
        while (next.TryDequeue(out var state, out _))
        {
            yield return state.Current;
            Continue(state);
        }

        void Continue(IEnumerator<(SearchCursor At, SearchHit? Hit)> state)
        {
            if (state.MoveNext())
                next.Enqueue(state, (state.Current.At.At, state.Current.At.Id));
            else
                state.Dispose();
        }
    }

    private static long LengthOf(JobListItem item) =>
        (item.Invocation?.Arguments?.Length ?? 0) + item.StateData.Values.Sum(static value => (long)(value?.Length ?? 0));
}
