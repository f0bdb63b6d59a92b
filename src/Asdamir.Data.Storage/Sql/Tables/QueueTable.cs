namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads of queues and claims.</summary>
internal static class QueueTable
{
    /// <summary>The columns of a row that tell its place among those that wait.</summary>
    public const string PlaceColumns = "turn, priority, head_start, fairness, limits";

    /// <summary>Their values for a job <c>j</c> that is added now.</summary>
    public const string PlaceOfJob = "{now} - j.head_start, j.priority, j.head_start, j.fairness, j.limits";

    // Hops from queue to queue along the indexes instead of reading all rows.
    private const string AllNames = """
        WITH RECURSIVE in_order (queue) AS (
            SELECT min(queue) FROM {s}queue WHERE claimed_by IS NULL AND turn IS NULL
            UNION ALL
            SELECT (
                SELECT min(q.queue) FROM {s}queue AS q WHERE q.claimed_by IS NULL AND q.turn IS NULL AND q.queue > in_order.queue)
            FROM in_order
            WHERE in_order.queue IS NOT NULL),
        with_turn (queue) AS (
            SELECT min(queue) FROM {s}queue WHERE claimed_by IS NULL AND turn IS NOT NULL AND limits IS NULL
            UNION ALL
            SELECT (
                SELECT min(q.queue) FROM {s}queue AS q
                WHERE q.claimed_by IS NULL AND q.turn IS NOT NULL AND q.limits IS NULL AND q.queue > with_turn.queue)
            FROM with_turn
            WHERE with_turn.queue IS NOT NULL),
        with_limits (queue) AS (
            SELECT min(queue) FROM {s}queue WHERE claimed_by IS NULL AND limits IS NOT NULL AND deliveries >= 0
            UNION ALL
            SELECT (
                SELECT min(q.queue) FROM {s}queue AS q
                WHERE q.claimed_by IS NULL AND q.limits IS NOT NULL AND q.deliveries >= 0 AND q.queue > with_limits.queue)
            FROM with_limits
            WHERE with_limits.queue IS NOT NULL)
        SELECT queue FROM in_order WHERE queue IS NOT NULL
        UNION SELECT queue FROM with_turn WHERE queue IS NOT NULL
        UNION SELECT queue FROM with_limits WHERE queue IS NOT NULL
        UNION SELECT queue FROM {s}queue WHERE claimed_by IS NOT NULL
        ORDER BY 1
        """;

    public const string Waiting = "FROM {s}waiting AS q WHERE q.queue = @queue";

    public const string Claimed = "FROM {s}queue AS q WHERE q.queue = @queue AND q.claimed_by IS NOT NULL";

    /// <summary>The jobs of all queues that are in the state Enqueued; found by their rows, as no index has that state.</summary>
    public static string AllEnqueued(SqlDatabase database) =>
        $"FROM {{s}}queue AS q JOIN {{s}}job AS j ON {database.LookUp("j.id", "q.job_id")} WHERE "
            + $"{StateSql.Is("j.state", JobStates.Enqueued)}";

    public static List<string> Names(ISessions sessions) => sessions.Texts(AllNames);

    /// <summary>
    /// The first rows that wait, in a given order. Each kind is limited separately, as the planner merges no two indexes in an order.
    /// </summary>
    public static string FirstWaiting(string columns, string condition, string order, string limit) => $$"""
        (SELECT * FROM (
            SELECT {{columns}} FROM {s}queue AS q
            WHERE q.claimed_by IS NULL AND q.turn IS NULL AND {{condition}}
            ORDER BY {{order}} LIMIT {{limit}}) AS in_order
        UNION ALL
        SELECT * FROM (
            SELECT {{columns}} FROM {s}queue AS q
            WHERE q.claimed_by IS NULL AND q.turn IS NOT NULL AND q.limits IS NULL AND {{condition}}
            ORDER BY {{order}} LIMIT {{limit}}) AS with_turn
        UNION ALL
        SELECT * FROM (
            SELECT {{columns}} FROM {s}queue AS q
            WHERE q.claimed_by IS NULL AND q.limits IS NOT NULL AND q.deliveries >= 0 AND {{condition}}
            ORDER BY {{order}} LIMIT {{limit}}) AS with_limits)
        """;

    /// <summary>
    /// Since when the first one waits, and the first one without limits; by the ids, as no index has the times.
    /// </summary>
    public static (DateTime? At, DateTime? UnlimitedAt) Oldest(ISessions sessions, string queue)
    {
        using var session = sessions.Read();
        return session.First(
            "SELECT min(q.added_at), min(CASE WHEN q.limits IS NULL THEN q.added_at END) "
                + $"FROM {FirstWaiting("q.added_at, q.limits", "q.queue = @queue", "q.id", "1")} AS q",
            static row => (row.TimeOrNull(0), row.TimeOrNull(1)), ("@queue", queue));
    }

    public static List<QueuedJob> WaitingJobs(SqlDatabase database, string queue, int from, int count) => Jobs(
        database, FirstWaiting("q.id, q.job_id, q.claimed_at", "q.queue = @queue", "q.id", "@count + @from"), "1 = 1", queue, from, count);

    public static List<QueuedJob> ClaimedJobs(SqlDatabase database, string queue, int from, int count) =>
        Jobs(database, "{s}queue", "q.queue = @queue AND q.claimed_by IS NOT NULL", queue, from, count);

    private static List<QueuedJob> Jobs(SqlDatabase database, string rows, string condition, string queue, int from, int count)
    {
        using var session = database.Read();
        return session.Query(
            $"SELECT {ListedJob.Columns}, q.job_id, q.claimed_at FROM {rows} AS q "
                + $"LEFT JOIN {{s}}job AS j ON {database.LookUp("j.id", "q.job_id")} WHERE {condition} "
                + "ORDER BY q.id LIMIT @count OFFSET @from",
            static row => new QueuedJob(
                row.GetInt64(ListedJob.Count), row.IsDBNull(0) ? null : ListedJob.Read(row), row.TimeOrNull(ListedJob.Count + 1)),
            ("@queue", queue), ("@from", from), ("@count", count));
    }

    /// <summary>Whether a claim of a job is in force, by its id as the id of a worker.</summary>
    public static bool IsClaimedBy(ISessions sessions, long jobId, string workerId) => sessions.Number(
        $"SELECT 1 FROM {{s}}queue AS q WHERE q.job_id = @job AND q.claimed_by IS NOT NULL AND "
            + $"'{ClaimToken.WorkerPrefix}' || q.id || '.' || q.deliveries = @worker",
        ("@job", jobId), ("@worker", workerId)) is not null;

    /// <summary>The claims that belong to a lease.</summary>
    public static List<ClaimToken> ClaimsOf(ISessions sessions, long lease)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT id, deliveries, claimed_at FROM {s}queue WHERE claimed_by = @lease",
            static row => new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), ("@lease", lease));
    }
}
