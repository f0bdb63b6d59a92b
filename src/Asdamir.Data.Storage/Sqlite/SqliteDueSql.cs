using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Moves delayed jobs to their queues.</summary>
internal static class SqliteDueSql
{
    /// <summary>
    /// An entry is the queue and the id of a job, as <c>crm:17</c>; any other one with a colon is no job and is removed, as Hangfire does.
    /// </summary>
    public const string Remove = $$"""
        DELETE FROM {s}set_item
        WHERE key = '{{DueSets.Delayed}}' AND value IN (
            SELECT value FROM {s}set_item
            WHERE key = '{{DueSets.Delayed}}' AND score <= {{DueSets.Now}} AND instr(value, ':') > 0
            ORDER BY score, value LIMIT @limit)
        RETURNING score, value
        """;

    public const string Enqueue = $$"""
        INSERT INTO {s}queue (queue, job_id, added_at, {{QueueTable.PlaceColumns}})
        SELECT
            substr(due.value, 1, instr(due.value, ':') - 1),
            CAST(substr(due.value, instr(due.value, ':') + 1) AS INTEGER),
            {now},
            {{QueueTable.PlaceOfJob}}
        FROM json_each(@entries) AS due
        LEFT JOIN {s}job AS j ON j.id = CAST(substr(due.value, instr(due.value, ':') + 1) AS INTEGER)
        WHERE due.value GLOB '?*:[1-9]*'
            AND substr(due.value, instr(due.value, ':') + 1) NOT GLOB '*[^0-9]*'
            AND length(due.value) - instr(due.value, ':') <= 18
        ORDER BY due.key
        RETURNING queue
        """;
}
