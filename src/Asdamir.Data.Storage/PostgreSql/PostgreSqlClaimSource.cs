using System.Data.Common;
using System.Globalization;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Threading;
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
    // another queue's. Jobs without a turn are ordered among those that have one by the time at which they were added. What waits in a
    // paused queue is as if it were not there.
    private const string Waiting = $$"""
        WITH wanted AS (
            SELECT asked.queue, asked.place
            FROM unnest($1) WITH ORDINALITY AS asked (queue, place)
            WHERE NOT EXISTS (SELECT 1 FROM {s}pause AS p WHERE p.name = ANY (ARRAY[asked.queue]) AND {{PauseTable.PausesQueue}})),
        keyed AS (SELECT EXISTS (SELECT 1 FROM {s}queue AS q WHERE {{IsWanted}} AND {{FairnessSql.Waits}}) AS wait),
        picked AS (
            SELECT waiting.id, waiting.turn, wanted.place, waiting.step, waiting.fairness, waiting.class
            FROM wanted
            CROSS JOIN LATERAL (
                SELECT in_order.id, in_order.turn, {{NoFairness}}
                FROM (
                    SELECT q.id, q.added_at AS turn FROM {s}queue AS q
                    WHERE q.queue BETWEEN wanted.queue AND wanted.queue AND q.claimed_by IS NULL AND q.turn IS NULL
                    ORDER BY q.queue, q.id LIMIT $2 FOR UPDATE SKIP LOCKED) AS in_order
                UNION ALL
                SELECT by_turn.id, by_turn.turn, {{NoFairness}}
                FROM (
                    SELECT q.id, q.turn FROM {s}queue AS q
                    WHERE q.queue BETWEEN wanted.queue AND wanted.queue AND q.claimed_by IS NULL AND q.turn IS NOT NULL
                        AND q.fairness IS NULL
                    ORDER BY q.queue, q.turn, q.id LIMIT $2 FOR UPDATE SKIP LOCKED) AS by_turn
        """;

    private const string IsWanted = "q.queue = ANY (ARRAY(SELECT wanted.queue FROM wanted))";

    // Claims nothing when a job with a key waits, which may come before all others.
    private const string WithoutKeys = ") AS waiting WHERE NOT (SELECT keyed.wait FROM keyed)";

    private const string NoFairness = "CAST(0 AS bigint) AS step, CAST(NULL AS bigint) AS fairness, CAST(NULL AS bigint) AS class";

    // Beside the claimed rows: whether jobs with a key wait, and whether others than those it took wait by a turn. Such a row may be locked
    // by a claim that does not take it.
    private const string Claimed = $$"""

            ORDER BY wanted.place, waiting.turn, waiting.step, waiting.id LIMIT $2),
        claimed AS (
            UPDATE {s}queue AS q SET claimed_by = $3, claimed_at = {now}, deliveries = {{ClaimToken.Next}}
            FROM picked WHERE q.id = ANY (ARRAY[picked.id]) AND EXISTS (SELECT 1 FROM {s}lease AS l WHERE l.id = $3)
            RETURNING q.id AS claim, q.deliveries, q.claimed_at, q.job_id, q.queue, {{Order}}, picked.fairness, picked.class),
        seen AS (
            SELECT
                keyed.wait AS has_keys,
                (SELECT count(*) FROM picked) < $2 AND EXISTS (
                    SELECT 1 FROM {s}queue AS q
                    WHERE {{IsWanted}} AND q.claimed_by IS NULL AND q.turn IS NOT NULL
                        AND q.id <> ALL (ARRAY(SELECT picked.id FROM picked))) AS has_more
            FROM keyed)
        """;

    private const string Order = "picked.place, picked.turn, picked.step";

    /// <summary>The name of the first column, which no other statement of a commit has.</summary>
    public const string FirstColumn = "claim";

    private const string Columns = "c.claim, c.deliveries, c.claimed_at, c.job_id, c.queue";

    private const string OrderColumns = "c.place, c.turn, c.step, c.fairness, c.class";

    private const string Found = $$"""
        SELECT
            {{Columns}}, false, j.state = 'Enqueued' AND j.state_reason = '{{ClaimReturns.Lost}}', {{JobRow.Columns}},
            {{OrderColumns}}, seen.has_keys, seen.has_more
        FROM seen
        LEFT JOIN claimed AS c ON true
        LEFT JOIN {s}job AS j ON j.id = ANY (ARRAY[c.job_id])
        ORDER BY c.place, c.turn, c.step, c.claim
        """;

    private const string Begun = $$"""
        ,
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
            RETURNING
                {{Columns}}, true AS has_begun, c.state_reason = '{{ClaimReturns.Lost}}' AS was_lost, {{JobRow.Columns}},
                {{OrderColumns}}),
        answered AS (
            SELECT * FROM begun
            UNION ALL
            SELECT
                {{Columns}}, false, j.state = 'Enqueued' AND j.state_reason = '{{ClaimReturns.Lost}}', {{JobRow.Columns}},
                {{OrderColumns}}
            FROM claimed AS c LEFT JOIN {s}job AS j ON j.id = ANY (ARRAY[c.job_id])
            WHERE c.claim NOT IN (SELECT begun.claim FROM begun))
        SELECT c.*, seen.has_keys, seen.has_more
        FROM seen
        LEFT JOIN answered AS c ON true
        ORDER BY c.place, c.turn, c.step, c.claim
        """;

    /// <summary>Claims jobs whose workers write that they have begun; none where jobs have fairness keys.</summary>
    public const string Sql = $"{Waiting}{WithoutKeys}{Claimed}{Found}";

    /// <summary>
    /// Claims jobs and puts those that are Enqueued into Processing: $4 since, $5 the beginning of the text of the state. A row that
    /// another transaction has changed, or that another writer has locked, is claimed as it is: a claim waits for no row. The row comes
    /// from the change itself, as others may have changed it since the statement began.
    /// </summary>
    public const string BeginningSql = $"{Waiting}{WithoutKeys}{Claimed}{Begun}";

    /// <summary>The same as <see cref="Sql"/> where jobs have fairness keys: $4 the key of each class that was served last.</summary>
    public static readonly string KeysSql = $"{Waiting}{WaitingWithKeys("$4")}{Claimed}{Found}";

    /// <summary>
    /// The same as <see cref="BeginningSql"/> where jobs have fairness keys: $6 the key of each class that was served last.
    /// </summary>
    public static readonly string BeginningKeysSql = $"{Waiting}{WaitingWithKeys("$6")}{Claimed}{Begun}";

    // Rows that another claim has locked and does not take are free when that commits.
    private const int FruitlessTries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private NpgsqlConnection? _connection;

    /// <summary>The statement for a request, and its parameters.</summary>
    public static (string Sql, object[] Values) StatementOf(ClaimRequest request, long leaseId, FairnessTurns turns)
    {
        var hasKeys = turns.AreUsedIn(request.Queues);
        List<object> values = [request.Queues, (long)request.Count, leaseId];
        if (request.State is { } state)
            values.AddRange([state.At, state.Head]);
        if (hasKeys)
            values.Add(turns.LastOf(request.Queues));
        var sql = (hasKeys, request.State) switch
        {
            (false, null) => Sql,
            (false, _) => BeginningSql,
            (true, null) => KeysSql,
            (true, _) => BeginningKeysSql,
        };
        return (sql, [.. values]);
    }

    public static ClaimAnswer Read(DbDataReader row, ClaimRequest request, long leaseId, long askedAt, FairnessTurns turns)
    {
        var end = row.FieldCount;
        var (hasKeys, hasMore) = (false, false);
        List<ClaimedJob> claims = [];
        List<ServedKey> served = [];
        while (row.Read())
        {
            (hasKeys, hasMore) = (row.GetBoolean(end - 2), row.GetBoolean(end - 1));
            if (row.IsDBNull(0))
                continue;
            var queue = row.GetString(4);
            claims.Add(new ClaimedJob(
                new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), leaseId, row.GetInt64(3), queue,
                row.IsDBNull(7) ? null : JobRow.Read(row, 7), askedAt)
            {
                HasBegun = row.GetBoolean(5),
                WasLost = !row.IsDBNull(6) && row.GetBoolean(6),
            });
            if (row.NumberOrNull(end - 4) is { } fairness)
                served.Add(new ServedKey(queue, row.GetInt64(end - 3), fairness, row.GetInt64(end - 5)));
        }
        turns.Served(served);
        turns.Saw(request.Queues, hasKeys);
        return new ClaimAnswer(claims, hasMore);
    }

    public IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, long leaseId)
    {
        lock (_gate)
        {
            try
            {
                return ClaimAll(_connection ??= database.Connect(Settings), request, leaseId);
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

    private List<ClaimedJob> ClaimAll(NpgsqlConnection connection, ClaimRequest request, long leaseId)
    {
        List<ClaimedJob> claims = [];
        for (var fruitless = 0; ;)
        {
            var knewKeys = database.Turns.AreUsedIn(request.Queues);
            var rest = request with { Count = request.Count - claims.Count };
            var answer = Conflicts.Retry(database, () => Claim(connection, rest, leaseId));
            claims.AddRange(answer.Jobs);
            if (!answer.MayHaveMore || claims.Count == request.Count)
                return claims;
            if (answer.Jobs.Count > 0 || knewKeys != database.Turns.AreUsedIn(request.Queues))
                continue;
            if (++fruitless == FruitlessTries)
                return claims;
            database.Time.Sleep(Pause * fruitless);
        }
    }

    private ClaimAnswer Claim(NpgsqlConnection connection, ClaimRequest request, long leaseId)
    {
        var askedAt = database.Time.GetTimestamp();
        var (sql, values) = StatementOf(request, leaseId, database.Turns);
        using var command = new NpgsqlCommand(database.Sql(sql), connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        using var row = command.ExecuteReader();
        return Read(row, request, leaseId, askedAt, database.Turns);
    }

    // Where each key has as many jobs as its share, the claim locks hardly more rows than it takes.
    private static string WaitingWithKeys(string last)
    {
        var candidates = FairnessSql.Candidates(
            "wanted.queue",
            "$2",
            string.Create(CultureInfo.InvariantCulture, $"({last})[(wanted.place - 1) * {FairnessTurns.Classes} + class.priority + 1]"),
            $$"""
            CROSS JOIN LATERAL (
                SELECT q.id, q.turn FROM {s}queue AS q
                WHERE q.queue = wanted.queue AND {{FairnessSql.Waits}} AND q.priority = taker.class AND q.fairness = taker.fairness
                ORDER BY q.queue, q.priority, q.fairness, q.turn, q.id
                LIMIT ($2 + taker.keys - 1) / taker.keys FOR UPDATE SKIP LOCKED) AS first
            """);
        return $" UNION ALL {candidates}) AS waiting";
    }

    private void Disconnect()
    {
        if (_connection is { } connection)
            database.Return(connection);
        _connection = null;
    }
}
