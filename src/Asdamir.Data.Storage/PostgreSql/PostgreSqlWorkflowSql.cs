using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>The statements of <see cref="PostgreSqlWriteBatch"/> for workflows.</summary>
internal static class PostgreSqlWorkflowSql
{
    /// <summary>The name of the column with the queues to which jobs were moved.</summary>
    public const string ReleasedTo = "released_to";

    public const string Create = """
        INSERT INTO {s}workflow (id, queue, name, created_at, members, on_finished, waiting, succeeded, failed, deleted)
        SELECT new.id, new.queue, new.name, new.created_at, new.members, new.on_finished, new.waiting, 0, 0, 0
        FROM unnest($1, $2, $3, $4, $5, $6, $7) AS new (id, queue, name, created_at, members, on_finished, waiting)
        """;

    public const string AddMembers =
        "INSERT INTO {s}workflow_member (job_id, workflow_id, open) SELECT * FROM unnest($1, $2, $3)";

    public const string AddEdges = "INSERT INTO {s}workflow_edge (parent, child, met_by) SELECT * FROM unnest($1, $2, $3)";

    /// <summary>
    /// The workflows of jobs that end, before anything else is locked: commits that change one workflow follow each other, and each sees
    /// what the one before has done.
    /// </summary>
    public const string Lock = """
        SELECT 1 FROM {s}workflow AS w
        WHERE w.id = ANY (ARRAY(
            SELECT m.workflow_id FROM unnest($1) AS g (job_id) JOIN {s}workflow_member AS m ON m.job_id = ANY (ARRAY[g.job_id])))
        ORDER BY w.id
        FOR NO KEY UPDATE
        """;

    /// <summary>How long the statements after it wait for a row.</summary>
    public const string Wait = "SELECT set_config('lock_timeout', $1, true)";

    /// <summary>
    /// $1 jobs, $2 their outcomes, $3 the time, $4 the data of Deleted. One statement, as no other commit changes these workflows.
    /// </summary>
    public static readonly string Move = $$"""
        {{WorkflowSql.Changes(
            "SELECT * FROM unnest($1, $2)", static (key, value) => $"{key} = ANY (ARRAY[{value}])")}},
        counted AS (
            SELECT
                workflow_id, CAST(sum(succeeded) AS bigint) AS succeeded, CAST(sum(failed) AS bigint) AS failed,
                CAST(sum(deleted) AS bigint) AS deleted, CAST(sum(waiting) AS bigint) AS waiting
            FROM (
                SELECT
                    workflow_id, (outcome = 1)::int - (former = 1)::int AS succeeded, (outcome = 2)::int - (former = 2)::int AS failed,
                    (outcome = 4)::int - (former = 4)::int AS deleted, -(open > 0)::int AS waiting
                FROM own
                UNION ALL
                SELECT workflow_id, 0, 0, 1, -1 FROM ended WHERE is_own = 0
                UNION ALL
                SELECT workflow_id, 0, 0, 0, -1 FROM lowered WHERE open = met) AS one
            GROUP BY workflow_id),
        flow AS (
            UPDATE {s}workflow AS w
            SET succeeded = w.succeeded + c.succeeded,
                failed = w.failed + c.failed,
                deleted = w.deleted + c.deleted,
                waiting = w.waiting + c.waiting,
                finished_at = CASE
                    WHEN w.members = w.succeeded + c.succeeded + w.failed + c.failed + w.deleted + c.deleted + w.waiting + c.waiting
                    THEN coalesce(w.finished_at, $3) END
            FROM counted AS c
            WHERE w.id = ANY (ARRAY[c.workflow_id])
            RETURNING w.on_finished, w.finished_at),
        member AS (
            UPDATE {s}workflow_member AS m SET outcome = c.outcome, past = m.past | c.outcome, open = c.open
            FROM (
                SELECT job_id, outcome, CAST(0 AS bigint) AS open FROM own
                UNION ALL
                SELECT job_id, outcome, 0 FROM ended WHERE is_own = 0
                UNION ALL
                SELECT job_id, 0, open - met FROM lowered) AS c
            WHERE m.job_id = ANY (ARRAY[c.job_id])),
        released (job_id) AS (
            SELECT job_id FROM lowered WHERE open = met
            UNION ALL
            SELECT on_finished FROM flow WHERE finished_at IS NOT NULL AND on_finished IS NOT NULL),
        begun AS (
            UPDATE {s}job AS j SET {{WorkflowSql.Begin("$3", "chr(9)")}}
            FROM released AS r
            WHERE j.id = ANY (ARRAY[r.job_id]) AND coalesce(j.state, '') = 'Awaiting'
            RETURNING j.id, j.state_data, j.queue, j.priority, j.head_start, j.fairness, j.limits),
        queued AS (
            INSERT INTO {s}queue (queue, job_id, added_at, {{QueueTable.PlaceColumns}})
            SELECT j.queue, j.id, {now}, {{QueueTable.PlaceOfJob}} FROM begun AS j ORDER BY j.id),
        dropped AS (
            UPDATE {s}job AS j SET {{WorkflowSql.Drop("$3", "$4")}}
            FROM ended AS d
            WHERE d.is_own = 0 AND j.id = ANY (ARRAY[d.job_id]) AND coalesce(j.state, '') = 'Awaiting'
            RETURNING j.id, j.state_reason),
        history AS (
            INSERT INTO {s}state (job_id, name, reason, created_at, data)
            SELECT id, 'Enqueued', NULL, $3, state_data FROM begun
            UNION ALL
            SELECT id, 'Deleted', state_reason, $3, $4 FROM dropped),
        listed AS (
            DELETE FROM {s}set_item AS s
            WHERE s.ctid = ANY (ARRAY(
                SELECT (
                    SELECT entry.ctid FROM {s}set_item AS entry
                    WHERE entry.key = '{{DueSets.Awaiting}}' AND entry.value = CAST(gone.id AS text))
                FROM (SELECT id FROM begun UNION ALL SELECT id FROM dropped) AS gone))),
        statistics AS (
            INSERT INTO {s}counter (key, value) SELECT 'stats:deleted', count(*) FROM dropped HAVING count(*) > 0)
        SELECT DISTINCT queue AS {{ReleasedTo}} FROM begun
        """;
}
