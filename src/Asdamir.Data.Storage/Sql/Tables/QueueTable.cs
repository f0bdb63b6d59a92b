namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads of queues and claims.</summary>
internal static class QueueTable
{
    // Hops from queue to queue along the index instead of reading all rows.
    private const string AllNames = """
        WITH RECURSIVE waiting (queue) AS (
            SELECT min(queue) FROM {s}queue WHERE claimed_by IS NULL
            UNION ALL
            SELECT (SELECT min(q.queue) FROM {s}queue AS q WHERE q.claimed_by IS NULL AND q.queue > waiting.queue)
            FROM waiting
            WHERE waiting.queue IS NOT NULL)
        SELECT queue FROM waiting WHERE queue IS NOT NULL
        UNION SELECT queue FROM {s}queue WHERE claimed_by IS NOT NULL
        ORDER BY 1
        """;

    public const string Waiting = "FROM {s}queue AS q WHERE q.queue = @queue AND q.claimed_by IS NULL";

    public const string Claimed = "FROM {s}queue AS q WHERE q.queue = @queue AND q.claimed_by IS NOT NULL";

    /// <summary>The jobs of all queues that are in the state Enqueued; found by their rows, as no index has that state.</summary>
    public static string AllEnqueued(SqlDatabase database) =>
        $"FROM {{s}}queue AS q JOIN {{s}}job AS j ON {database.LookUp("j.id", "q.job_id")} WHERE "
            + $"{StateSql.Is("j.state", JobStates.Enqueued)}";

    public static List<string> Names(ISessions sessions) => sessions.Texts(AllNames);

    /// <summary>Since when the first in line waits: the index knows only that order, and it is the one of the times.</summary>
    public static DateTime? OldestAt(ISessions sessions, string queue) =>
        sessions.Number($"SELECT q.added_at {Waiting} ORDER BY q.id LIMIT 1", ("@queue", queue)) is { } at ? Micros.ToUtc(at) : null;

    /// <param name="database">Where the queues are.</param>
    /// <param name="rows"><see cref="Waiting"/> or <see cref="Claimed"/>.</param>
    public static List<QueuedJob> Jobs(SqlDatabase database, string rows, string queue, int from, int count)
    {
        var joined = $" LEFT JOIN {{s}}job AS j ON {database.LookUp("j.id", "q.job_id")} WHERE ";
        using var session = database.Read();
        return session.Query(
            $"SELECT {ListedJob.Columns}, q.job_id, q.claimed_at {rows.Replace(" WHERE ", joined, StringComparison.Ordinal)} "
                + "ORDER BY q.id LIMIT @count OFFSET @from",
            static row => new QueuedJob(
                row.GetInt64(ListedJob.Count), row.IsDBNull(0) ? null : ListedJob.Read(row), row.TimeOrNull(ListedJob.Count + 1)),
            ("@queue", queue), ("@from", from), ("@count", count));
    }

    /// <summary>The claims that belong to a lease.</summary>
    public static List<ClaimToken> ClaimsOf(ISessions sessions, long lease)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT id, deliveries, claimed_at FROM {s}queue WHERE claimed_by = @lease",
            static row => new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), ("@lease", lease));
    }
}
