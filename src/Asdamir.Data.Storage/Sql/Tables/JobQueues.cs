namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Rows of the queues.</summary>
internal static class JobQueues
{
    // Hops from queue to queue along the index instead of reading all rows.
    public const string Names = """
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
}
