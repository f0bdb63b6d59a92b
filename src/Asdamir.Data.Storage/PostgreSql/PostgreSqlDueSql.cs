using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>Moves delayed jobs to their queues.</summary>
internal static class PostgreSqlDueSql
{
    /// <summary>
    /// An entry is the queue and the id of a job, as <c>crm:17</c>; any other one with a colon is no job and is removed, as Hangfire does.
    /// Rows are deleted by their place, for which there is one plan only. Processes that do this at the same time take different rows.
    /// </summary>
    public const string Enqueue = $$"""
        WITH due AS (
            DELETE FROM {s}set_item
            WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM {s}set_item
                WHERE key = '{{DueSets.Delayed}}' AND score <= {{DueSets.Now}} AND strpos(value, ':') > 0
                ORDER BY score, value LIMIT @limit FOR UPDATE SKIP LOCKED))
            RETURNING value, score)
        INSERT INTO {s}queue (queue, job_id, added_at, {{QueueTable.PlaceColumns}})
        SELECT added.queue, added.job_id, {now}, {{QueueTable.PlaceOfJob}}
        FROM (
            SELECT split_part(value, ':', 1) AS queue, CAST(substr(value, strpos(value, ':') + 1) AS bigint) AS job_id, score, value
            FROM due
            WHERE value ~ '^[^:]+:[1-9][0-9]{0,17}$') AS added
        LEFT JOIN {s}job AS j ON j.id = ANY (ARRAY[added.job_id])
        ORDER BY added.score, added.value
        RETURNING queue
        """;
}
