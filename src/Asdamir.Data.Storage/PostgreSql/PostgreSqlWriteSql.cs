using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// The statements of <see cref="PostgreSqlWriteBatch"/>. They select rows by <c>id = ANY (ARRAY[…])</c> or in a scalar subquery,
/// for which the planner has a single plan: an index lookup for each id. For a join, when the statistics of a quiet time say that a
/// table is empty, it prefers to scan a whole index, with all rows added since. <c>IS NOT DISTINCT FROM</c> excludes another index.
/// </summary>
internal static class PostgreSqlWriteSql
{
    /// <summary>
    /// Every row is found by a key, so plans for small tables must not be kept for large ones. Only a plain index scan
    /// marks the entries of dead rows, so that the next scan skips them.
    /// </summary>
    public const string Settings = """
        SET enable_seqscan = off;
        SET enable_bitmapscan = off;
        SET enable_hashjoin = off;
        SET enable_mergejoin = off;
        SET jit = off;
        SET plan_cache_mode = force_generic_plan
        """;

    /// <summary>Also limits how long the following statements wait for a row.</summary>
    public const string Guard = """
        WITH counted AS (
            UPDATE {s}lane SET commits = commits + 1
            WHERE id = $1 AND epoch = $2 AND commits = $3 AND closed_at IS NULL
            RETURNING 1)
        SELECT {s}expect(count(*), 1, 'AD003'), set_config('lock_timeout', $4, true) FROM counted
        """;

    /// <summary>Keys of jobs, as the first rows of a commit: when one is taken, nothing was written in vain.</summary>
    public const string TakeKeys = $$"""
        WITH taken AS (
            INSERT INTO {s}job_key AS k (key, job_id, expire_at) SELECT * FROM unnest($1, $2, $3)
            {{JobKeyTable.TakeOver}}
            RETURNING 1)
        SELECT {s}expect(count(*), $4, 'AD005') FROM taken
        """;

    public const string ReleaseKeys = JobKeyTable.Release + "job_id = ANY ($1)";

    /// <summary>Places in queues that replaced jobs keep: no claim takes them before the commit.</summary>
    public const string KeepPlaces = """
        WITH kept AS (SELECT 1 FROM {s}queue AS q WHERE q.id = ANY ($1) AND q.claimed_by IS NULL ORDER BY q.id FOR UPDATE)
        SELECT {s}expect(count(*), $2, 'AD006') FROM kept
        """;

    public const string LeavePlaces = """
        WITH gone AS (DELETE FROM {s}queue AS q WHERE q.id = ANY ($1) AND q.claimed_by IS NULL RETURNING 1)
        SELECT {s}expect(count(*), $2, 'AD006') FROM gone
        """;

    public const string EndDelays = $$"""
        WITH gone AS (DELETE FROM {s}set_item AS d WHERE d.key = '{{DueSets.Delayed}}' AND d.value = ANY ($1) RETURNING 1)
        SELECT {s}expect(count(*), $2, 'AD006') FROM gone
        """;

    public const string Replace = """
        WITH replaced AS (
            UPDATE {s}job AS j SET arguments = c.arguments
            FROM unnest($1, $2, $3) AS c (id, version, arguments)
            WHERE j.id = ANY (ARRAY[c.id]) AND j.version = c.version
            RETURNING 1)
        SELECT {s}expect(count(*), $4, 'AD006') FROM replaced
        """;

    public static readonly string Create =
        $"INSERT INTO {{s}}job ({JobColumns.Names}) SELECT * FROM unnest({JobColumns.Values})";

    /// <summary>Whether the server still has what new jobs refer to: a standby that was promoted may not.</summary>
    public const string Invocations = "SELECT {s}expect(count(*), $2, 'AD004') FROM {s}invocation WHERE id = ANY ($1)";

    public const string Change = $$"""
        WITH changed AS (
            UPDATE {s}job AS j SET {{JobChange.Assignments}} CAST(CAST(j.parameters AS jsonb) || CAST(c.parameters AS jsonb) AS text) END
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) AS c ({{JobChange.Columns}})
            WHERE j.id = ANY (ARRAY[c.id]) AND {{JobChange.Expected}}
            RETURNING coalesce(c.expected, c.mark) AS checked)
        SELECT {s}expect(count(checked), $15, 'AD001') FROM changed
        """;

    /// <summary>
    /// Jobs whose rows must not change between the following statements: an entry of other code changes what they tell, and no version.
    /// </summary>
    public const string Lock = """
        SELECT 1 FROM unnest($1) AS c (id) JOIN {s}job AS j ON j.id = ANY (ARRAY[c.id]) FOR NO KEY UPDATE OF j
        """;

    /// <summary>The entries that rows tell; $2 are the jobs of which one that has not ended is left out.</summary>
    public const string Record = $"""
        {JobHistory.Record} t.job_id = ANY ($1) AND (t.job_id <> ALL ($2) OR {JobHistory.IsOver}){JobHistory.InOrder}
        """;

    public const string History = """
        INSERT INTO {s}state (job_id, name, reason, created_at, data)
        SELECT new.job_id, new.name, new.reason, new.created_at, new.data
        FROM unnest($1, $2, $3, $4, $5, $6) AS new (job_id, name, reason, created_at, data, is_there)
        WHERE new.is_there OR (SELECT true FROM {s}job AS j WHERE j.id = new.job_id)
        """;

    public const string Enqueue = """
        INSERT INTO {s}queue (queue, job_id, added_at) SELECT new.queue, new.job_id, {now} FROM unnest($1, $2) AS new (queue, job_id)
        """;

    /// <summary>The same for jobs whose rows tell their place in the queue.</summary>
    public const string EnqueueByRow = $$"""
        INSERT INTO {s}queue (queue, job_id, added_at, {{QueueTable.PlaceColumns}})
        SELECT new.queue, new.job_id, {now}, {{QueueTable.PlaceOfJob}}
        FROM unnest($1, $2) WITH ORDINALITY AS new (queue, job_id, number)
        LEFT JOIN {s}job AS j ON j.id = ANY (ARRAY[new.job_id])
        ORDER BY new.number
        """;

    public const string Complete = """
        WITH completed AS (
            DELETE FROM {s}queue AS q USING unnest($1, $2, $3) AS c (id, delivery, at)
            WHERE q.id = ANY (ARRAY[c.id]) AND q.deliveries = c.delivery AND q.claimed_at = c.at
                AND q.claimed_by IS NOT DISTINCT FROM $4
            RETURNING 1)
        SELECT {s}expect(count(*), $5, 'AD002') FROM completed
        """;

    public const string MustStillHold = """
        SELECT {s}expect(count(*), $5, 'AD002') FROM {s}queue AS q JOIN unnest($1, $2, $3) AS c (id, delivery, at)
        ON q.id = ANY (ARRAY[c.id]) AND q.deliveries = c.delivery AND q.claimed_at = c.at AND q.claimed_by IS NOT DISTINCT FROM $4
        """;

    /// <summary>
    /// Other writers cannot move the jobs before the commit. The text of Processing names the worker: behind a tab, at its end, or in
    /// quotation marks.
    /// </summary>
    public const string MustStillExecute = $$"""
        WITH executing AS (
            SELECT 1 FROM unnest($1, $2) AS c (id, worker)
            JOIN {s}job AS j ON j.id = ANY (ARRAY[c.id])
                AND j.state = 'Processing'
                AND (right({{CurrentState.TextColumn}}, length(c.worker) + 1) = chr(9) || c.worker
                    OR strpos({{CurrentState.TextColumn}}, '"' || c.worker || '"') > 0)
            FOR SHARE OF j)
        SELECT {s}expect(count(*), $3, 'AD002') FROM executing
        """;

    public const string Count = "INSERT INTO {s}counter (key, value, expire_at) SELECT * FROM unnest($1, $2, $3)";

    public const string SetAdd = """
        INSERT INTO {s}set_item (key, value, score) SELECT * FROM unnest($1, $2, $3)
        ON CONFLICT (key, value) DO UPDATE SET score = excluded.score
        """;

    public const string SetRemove = """
        DELETE FROM {s}set_item AS s USING unnest($1, $2) AS gone (key, value) WHERE s.key = gone.key AND s.value = gone.value
        """;

    public const string HashPut = """
        INSERT INTO {s}hash_field (key, field, value) SELECT * FROM unnest($1, $2, $3)
        ON CONFLICT (key, field) DO UPDATE SET value = excluded.value
        """;

    public const string Note = """
        INSERT INTO {s}job_metadata (job_id, name, value)
        SELECT new.job_id, new.name, new.value FROM unnest($1, $2, $3) AS new (job_id, name, value)
        WHERE (SELECT true FROM {s}job AS j WHERE j.id = new.job_id)
        ON CONFLICT (job_id, name) DO UPDATE SET value = excluded.value
        """;

    public const string Notify = "SELECT pg_notify(n.channel, n.text) FROM unnest($1, $2) AS n (channel, text)";
}
