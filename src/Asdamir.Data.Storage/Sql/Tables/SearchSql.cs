
namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// The statements of one search in one state. Conditions an index knows bound the rows; for others a window of
/// the newest rows is looked at. Rows of a queue may belong to jobs that were deleted meanwhile, so a few more than a page are read.
/// </summary>
internal sealed class SearchSql(SqlDatabase database, bool isQueued, bool oldestFirst, int window, int slack)
{
    private const string StillQueued = "j.state IN ('Enqueued', 'Scheduled', 'Processing', 'Awaiting')";

    private readonly List<string> _indexed = [];
    private readonly List<string> _looked = [];
    private readonly List<Parameter> _parameters = [];

    /// <summary>Whether a page may be short although there is more.</summary>
    public bool IsWindowed => _looked.Count > 0 || isQueued;

    /// <summary>How many rows are scanned for a page.</summary>
    public int WindowOf(int size) => _looked.Count > 0 ? window : isQueued ? size + slack : size;

    public Parameter[] Parameters => [.. _parameters];

    private string At => isQueued ? "q.added_at" : "j.state_at";

    private string Order => isQueued ? $"q.id{Direction}" : $"j.state_at{Direction}, j.id{Direction}";

    private string Direction => oldestFirst ? "" : " DESC";

    private string Backwards => oldestFirst ? " DESC" : "";

    /// <summary>The statements for a query in one of its states.</summary>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="id">The id that the text of the query may be.</param>
    public static SearchSql Of(
        SqlDatabase database, string state, bool isQueued, JobQuery query, SearchCursor? after, long? id, int window, int slack)
    {
        var search = new SearchSql(database, isQueued, query.OldestFirst, window, slack);
        if (!isQueued)
            search.Where(StateSql.Is("j.state", state));
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
        if (query.Fingerprint is { } fingerprint)
            search.Where(IsOf(state, JobStates.Failed) ? "j.failure = @failure" : "1 = 0", ("@failure", fingerprint));
        if (query.Retries)
            search.Where(IsOf(state, JobStates.Scheduled) ? "j.failure IS NOT NULL" : "1 = 0");
        if (query.Name is { } name)
            search.WhereJob("j.name = @name", isIndexed: !isQueued, ("@name", name));
        if (query.Text is { Length: > 0 } text)
            search.WhereText(text, id);
        return search;
    }

    private static bool IsOf(string state, string expected) => state.Equals(expected, StringComparison.OrdinalIgnoreCase);

    // Arguments are JSON in JSON, and in JSON once more for jobs that carry a payload; a state is JSON.
    private void WhereText(string text, long? id)
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
        if (id is { } known)
        {
            conditions.Add("j.id = @textId");
            parameters.Add(("@textId", known));
        }
        WhereJob($"({string.Join(" OR ", conditions)})", isIndexed: false, [.. parameters]);
    }

    private static string Escaped(string text, int times) =>
        times == 0
            ? text
            : Escaped(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), times - 1);

    public void Where(string condition, params ReadOnlySpan<Parameter> parameters)
    {
        _indexed.Add(condition);
        _parameters.AddRange(parameters);
    }

    /// <summary>A condition on the job itself, which the queue's rows do not carry.</summary>
    public void WhereJob(string condition, bool isIndexed, params ReadOnlySpan<Parameter> parameters)
    {
        (isIndexed ? _indexed : _looked).Add(condition);
        _parameters.AddRange(parameters);
    }

    public string PageSql(int size) =>
        $"SELECT {FoundJob.Columns} {Picked(WindowOf(size))} ORDER BY j.at{Direction}, "
            + $"j.id{Direction} LIMIT {size}";

    public string CountSql(long limit) => IsWindowed
        ? $"SELECT count(*) FROM (SELECT 1 {Picked(_looked.Count > 0 ? window : limit + slack)} LIMIT {limit}) AS counted"
        : $"SELECT count(*) FROM (SELECT 1 FROM {{s}}job AS j WHERE {All(_indexed)} LIMIT {limit}) AS counted";

    /// <summary>Where the window ends, and how many rows it has.</summary>
    public string WindowEndSql(int size) =>
        $"SELECT at, id, queue_row, (SELECT count(*) FROM {Rows(WindowOf(size))}) FROM {Rows(WindowOf(size))} ORDER BY at{Backwards}, "
            + $"id{Backwards} LIMIT 1";

    // The inner limit leaves out nothing. It keeps the conditions outside: a planner that expects few rows to meet them would begin with
    // those, in the whole table.
    private string Picked(long rows) =>
        $"FROM (SELECT j.*, picked.at, picked.queue_row FROM {Rows(rows)} JOIN {{s}}job AS j ON {database.LookUp("j.id", "picked.id")} "
            + $"LIMIT {rows}) AS j WHERE {All([.. isQueued ? [StillQueued] : (string[])[], .. _looked, "1 = 1"])}";

    private string Rows(long limit) => isQueued
        ? $"(SELECT q.job_id AS id, {At} AS at, q.id AS queue_row FROM "
            + QueueTable.FirstWaiting("q.id, q.job_id, q.added_at", All(_indexed), Order, $"{limit}")
            + $" AS q ORDER BY {Order} LIMIT {limit}) AS picked"
        : $"(SELECT j.id AS id, {At} AS at, CAST(NULL AS bigint) AS queue_row FROM {{s}}job AS j WHERE {All(_indexed)} "
            + $"ORDER BY {Order} LIMIT {limit}) AS picked";

    private static string All(List<string> conditions) => conditions.Count == 0 ? "1 = 1" : string.Join(" AND ", conditions);
}
