using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>The statements of <see cref="SqliteCommitConnection"/>.</summary>
internal static class SqliteWriteSql
{
    public const string Lease = "SELECT 1 FROM lease WHERE id = $1";

    public static readonly string Create = $"INSERT INTO job ({JobColumns.Names}) VALUES ({JobColumns.Values})";

    // Not json_patch, which takes away what is set to null. $1 id, $2 expected version, $3 changes, $4 state, $5 since, $6 reason, $7 data,
    // $8 expiry, $9 expire at, $10 keeps its own retention, $11 parameters, $12 expected mark, $13 replaces parameters,
    // $14 a HistoryChange: 1 told by the row, 2 recorded, 3 noted
    public const string Change = """
        UPDATE job SET
            version = version + $3,
            state = coalesce($4, state),
            state_at = coalesce($5, state_at),
            state_reason = CASE WHEN $4 IS NULL THEN state_reason ELSE $6 END,
            state_data = CASE
                WHEN $4 = 'Processing' AND $14 = 1 THEN NULL
                WHEN $14 = 3 AND state = 'Enqueued' THEN coalesce(state_data, enqueued)
                ELSE coalesce($7, state_data) END,
            enqueued_at = CASE WHEN $14 < 2 THEN enqueued_at END,
            enqueued = CASE WHEN $14 < 2 THEN enqueued END,
            started_at = CASE
                WHEN $4 = 'Processing' AND $14 = 1 THEN $5
                WHEN $14 < 2 OR ($14 = 3 AND state = 'Processing') THEN started_at END,
            started = CASE
                WHEN $4 = 'Processing' AND $14 = 1 THEN $7
                WHEN $14 < 2 OR ($14 = 3 AND state = 'Processing') THEN started END,
            locked_until = CASE WHEN $4 IS NULL THEN locked_until END,
            expire_at = CASE
                WHEN $8 = 1 AND $10 AND $4 = 'Deleted' AND keep_deleted IS NOT NULL THEN $5 + keep_deleted
                WHEN $8 = 1 AND $10 AND $4 = 'Succeeded' AND keep_succeeded IS NOT NULL THEN $5 + keep_succeeded
                WHEN $8 = 1 THEN $9
                WHEN $4 = 'Failed' AND keep_failed IS NOT NULL THEN $5 + keep_failed
                WHEN $8 = 0 THEN expire_at END,
            parameters = CASE WHEN $11 IS NULL THEN parameters WHEN $13 THEN $11 ELSE (
                SELECT json_group_object(key, value) FROM (
                    SELECT key, value FROM json_each(parameters) WHERE key NOT IN (SELECT key FROM json_each($11))
                    UNION ALL SELECT key, value FROM json_each($11))) END
        WHERE id = $1 AND ($2 IS NULL OR version = $2) AND ($12 IS NULL OR locked_until = $12)
        """;

    /// <summary>The entries that the row tells; $2 whether one that goes on is left out.</summary>
    public static readonly string Record =
        $"{JobHistory.Record} t.job_id = $1 AND (NOT $2 OR {JobHistory.IsOver}){JobHistory.InOrder}"
            .Replace("{s}", "", StringComparison.Ordinal);

    public const string History = """
        INSERT INTO state (job_id, name, reason, created_at, data) SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM job WHERE id = $1)
        """;

    public const string Enqueue = "INSERT INTO queue (queue, job_id, added_at) VALUES ($1, $2, $3)";

    public const string Complete = "DELETE FROM queue WHERE id = $1 AND deliveries = $2 AND claimed_at = $3 AND claimed_by = $4";

    public const string MustStillHold = "SELECT 1 FROM queue WHERE id = $1 AND deliveries = $2 AND claimed_at = $3 AND claimed_by = $4";

    // The text of Processing names the worker: behind a tab, at its end, or in quotation marks.
    public const string MustStillExecute = """
        SELECT 1 FROM job
        WHERE id = $1
            AND state = 'Processing'
            AND (substr(coalesce(state_data, started), -length($2) - 1) = char(9) || $2 OR instr(state_data, '"' || $2 || '"') > 0)
        """;

    public const string Revoke = "INSERT INTO revocation (job_id, version, at) VALUES ($1, $2, $3)";

    public const string ForgetRevocations = "DELETE FROM revocation WHERE at < $1";

    public const string Count = "INSERT INTO counter (key, value, expire_at) VALUES ($1, $2, $3)";

    public const string SetAdd = """
        INSERT INTO set_item (key, value, score) VALUES ($1, $2, $3) ON CONFLICT (key, value) DO UPDATE SET score = excluded.score
        """;

    public const string SetRemove = "DELETE FROM set_item WHERE key = $1 AND value = $2";

    public const string HashPut = """
        INSERT INTO hash_field (key, field, value) VALUES ($1, $2, $3) ON CONFLICT (key, field) DO UPDATE SET value = excluded.value
        """;

    public const string Note = """
        INSERT INTO job_metadata (job_id, name, value)
        SELECT $1, $2, $3
        WHERE EXISTS (SELECT 1 FROM job WHERE id = $1)
        ON CONFLICT (job_id, name) DO UPDATE SET value = excluded.value
        """;
}
