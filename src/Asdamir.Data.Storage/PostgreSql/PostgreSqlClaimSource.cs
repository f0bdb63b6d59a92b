using System.Data.Common;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// Claims jobs. A claim need not be durable: if the database crashes before it is written, the job is unclaimed again,
/// and every commit of the worker for its job makes earlier claims durable. Flushing
/// each claim cost a fifth of the throughput; a lost claim at most starts its job twice.
/// </summary>
internal sealed class PostgreSqlClaimSource(PostgreSqlDatabase database) : IClaimSource
{
    public const string Settings = PostgreSqlWriteSql.Settings + "; SET synchronous_commit = off";

    // For "= ANY (ARRAY[…])" see PostgreSqlWriteSql. A range of one queue, in the order of the index of waiting jobs: for an equal queue,
    // ids alone would be that order, and when one queue has nearly all rows, the planner would go through all of them by their ids to find
    // another queue's. Jobs without a turn are ordered among those that have one by the time at which they were added.
    private const string Claimed = $$"""
        WITH picked AS (
            SELECT waiting.id, waiting.turn, wanted.place
            FROM unnest($1) WITH ORDINALITY AS wanted (queue, place)
            CROSS JOIN LATERAL (
                SELECT in_order.id, in_order.turn
                FROM (
                    SELECT q.id, q.added_at AS turn FROM {s}queue AS q
                    WHERE q.queue BETWEEN wanted.queue AND wanted.queue AND q.claimed_by IS NULL AND q.turn IS NULL
                    ORDER BY q.queue, q.id LIMIT $2 FOR UPDATE SKIP LOCKED) AS in_order
                UNION ALL
                SELECT by_turn.id, by_turn.turn
                FROM (
                    SELECT q.id, q.turn FROM {s}queue AS q
                    WHERE q.queue BETWEEN wanted.queue AND wanted.queue AND q.claimed_by IS NULL AND q.turn IS NOT NULL
                    ORDER BY q.queue, q.turn, q.id LIMIT $2 FOR UPDATE SKIP LOCKED) AS by_turn) AS waiting
            ORDER BY wanted.place, waiting.turn, waiting.id LIMIT $2),
        claimed AS (
            UPDATE {s}queue AS q SET claimed_by = $3, claimed_at = {now}, deliveries = {{ClaimToken.Next}}
            FROM picked WHERE q.id = ANY (ARRAY[picked.id]) AND EXISTS (SELECT 1 FROM {s}lease AS l WHERE l.id = $3)
            RETURNING q.id AS claim, q.deliveries, q.claimed_at, q.job_id, q.queue, picked.place, picked.turn)
        """;

    /// <summary>The name of the first column, which no other statement of a commit has.</summary>
    public const string FirstColumn = "claim";

    private const string Columns = "c.claim, c.deliveries, c.claimed_at, c.job_id, c.queue";

    /// <summary>Claims jobs whose workers write that they have begun.</summary>
    public const string Sql = $$"""
        {{Claimed}}
        SELECT {{Columns}}, false, j.state = 'Enqueued' AND j.state_reason = '{{ClaimReturns.Lost}}', {{JobRow.Columns}}
        FROM claimed AS c LEFT JOIN {s}job AS j ON j.id = ANY (ARRAY[c.job_id]) ORDER BY c.place, c.turn, c.claim
        """;

    /// <summary>
    /// Claims jobs and puts those that are Enqueued into Processing: $4 since, $5 the beginning of the text of the state. A row that
    /// another transaction has changed, or that another writer has locked, is claimed as it is: a claim waits for no row. The row comes
    /// from the change itself, as others may have changed it since the statement began.
    /// </summary>
    public const string BeginningSql = $$"""
        {{Claimed}},
        found AS (
            SELECT
                c.*,
                CAST($4 AS bigint) AS at,
                CAST($5 AS text) AS head,
                c.claim || '.' || c.deliveries AS delivery,
                enqueued.state_reason
            FROM claimed AS c
            CROSS JOIN LATERAL (
                SELECT j.state_reason FROM {s}job AS j
                WHERE j.id = ANY (ARRAY[c.job_id])
                    AND j.state = 'Enqueued'
                    AND (j.locked_until IS NULL OR j.locked_until NOT BETWEEN {now} AND {now} + {{RowLockTimes.Longest}})
                FOR NO KEY UPDATE SKIP LOCKED) AS enqueued),
        begun AS (
            UPDATE {s}job AS j SET {{JobChange.Beginning}}
            FROM found AS c
            WHERE j.id = ANY (ARRAY[c.job_id])
            RETURNING {{Columns}}, c.place, c.turn, c.state_reason = '{{ClaimReturns.Lost}}' AS was_lost, {{JobRow.Columns}})
        SELECT {{ColumnsOfBegun}}, true, j.was_lost, {{JobRow.SelectedColumns}}, j.place, j.turn FROM begun AS j
        UNION ALL
        SELECT {{Columns}}, false, j.state = 'Enqueued' AND j.state_reason = '{{ClaimReturns.Lost}}', {{JobRow.Columns}}, c.place, c.turn
        FROM claimed AS c LEFT JOIN {s}job AS j ON j.id = ANY (ARRAY[c.job_id])
        WHERE c.claim NOT IN (SELECT begun.claim FROM begun)
        ORDER BY place, turn, claim
        """;

    private const string ColumnsOfBegun = "j.claim, j.deliveries, j.claimed_at, j.job_id, j.queue";

    private readonly Lock _gate = new();
    private NpgsqlConnection? _connection;

    public static string SqlFor(ClaimRequest request) => request.State is null ? Sql : BeginningSql;

    public static object[] ValuesOf(ClaimRequest request, long leaseId) => request.State is { } state
        ? [request.Queues, (long)request.Count, leaseId, state.At, state.Head]
        : [request.Queues, (long)request.Count, leaseId];

    public static List<ClaimedJob> Read(DbDataReader row, long leaseId, long askedAt)
    {
        List<ClaimedJob> claims = [];
        while (row.Read())
        {
            claims.Add(new ClaimedJob(
                new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), leaseId, row.GetInt64(3), row.GetString(4),
                row.IsDBNull(7) ? null : JobRow.Read(row, 7), askedAt)
            {
                HasBegun = row.GetBoolean(5),
                WasLost = !row.IsDBNull(6) && row.GetBoolean(6),
            });
        }
        return claims;
    }

    public IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, long leaseId)
    {
        lock (_gate)
        {
            try
            {
                _connection ??= database.Connect(Settings);
                return Conflicts.Retry(database, () => Claim(_connection, request, leaseId));
            }
            catch
            {
                Disconnect();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
            Disconnect();
    }

    private List<ClaimedJob> Claim(NpgsqlConnection connection, ClaimRequest request, long leaseId)
    {
        var askedAt = database.Time.GetTimestamp();
        using var command = new NpgsqlCommand(database.Sql(SqlFor(request)), connection);
        foreach (var value in ValuesOf(request, leaseId))
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        using var row = command.ExecuteReader();
        return Read(row, leaseId, askedAt);
    }

    private void Disconnect()
    {
        if (_connection is { } connection)
            database.Return(connection);
        _connection = null;
    }
}
