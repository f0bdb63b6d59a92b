using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>The statements of <see cref="SqliteCommitConnection"/>.</summary>
internal static class SqliteWriteSql
{
    public const string Lease = "SELECT 1 FROM lease WHERE id = $1";

    public const string HolderOfKey = "SELECT job_id FROM job_key WHERE key = $1 AND (expire_at IS NULL OR expire_at >= $2)";

    // What is there has expired.
    public const string TakeKey = "INSERT OR REPLACE INTO job_key (key, job_id, expire_at) VALUES ($1, $2, $3)";

    public const string ReleaseKey = "DELETE FROM job_key WHERE expire_at IS NULL AND job_id = $1";

    public const string Replace = "UPDATE job SET arguments = $2 WHERE id = $1";

    public const string LeavePlace = "DELETE FROM queue WHERE id = $1";

    public static readonly string Create = $"INSERT INTO job ({JobColumns.Names}) VALUES ({JobColumns.Values})";

    // Not json_patch, which takes away what is set to null.
    public static readonly string Change = $"""
        UPDATE job AS j SET {JobChange.Assignments} (
            SELECT json_group_object(key, value) FROM (
                SELECT key, value FROM json_each(j.parameters) WHERE key NOT IN (SELECT key FROM json_each(c.parameters))
                UNION ALL SELECT key, value FROM json_each(c.parameters))) END
        FROM (SELECT {string.Join(", ", JobChange.Columns.Split(", ").Select(static (name, i) => $"${i + 1} AS {name}"))}) AS c
        WHERE j.id = c.id AND {JobChange.Expected}
        """;

    /// <summary>The entries that the row tells; $2 whether one that has not ended is left out.</summary>
    public static readonly string Record =
        $"{JobHistory.Record} t.job_id = $1 AND (NOT $2 OR {JobHistory.IsOver}){JobHistory.InOrder}"
            .Replace("{s}", "", StringComparison.Ordinal);

    public const string History = """
        INSERT INTO state (job_id, name, reason, created_at, data) SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM job WHERE id = $1)
        """;

    public const string Enqueue = "INSERT INTO queue (queue, job_id, added_at) VALUES ($1, $2, $3)";

    /// <summary>The same for a job whose row tells its place in the queue.</summary>
    public static readonly string EnqueueByRow = $"""
        INSERT INTO queue (queue, job_id, added_at, {QueueTable.PlaceColumns})
        SELECT $1, $2, $3, {QueueTable.PlaceOfJob.Replace("{now}", "$3", StringComparison.Ordinal)}
        FROM (SELECT 1)
        LEFT JOIN job AS j ON j.id = $2
        """;

    public const string Complete = "DELETE FROM queue WHERE id = $1 AND deliveries = $2 AND claimed_at = $3 AND claimed_by = $4";

    public const string MustStillHold = "SELECT 1 FROM queue WHERE id = $1 AND deliveries = $2 AND claimed_at = $3 AND claimed_by = $4";

    // The text of Processing names the worker: behind a tab, at its end, or in quotation marks.
    public const string MustStillExecute = $"""
        SELECT 1 FROM job AS j
        WHERE j.id = $1
            AND j.state = 'Processing'
            AND (substr({CurrentState.TextColumn}, -length($2) - 1) = char(9) || $2
                OR instr({CurrentState.TextColumn}, '"' || $2 || '"') > 0)
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
