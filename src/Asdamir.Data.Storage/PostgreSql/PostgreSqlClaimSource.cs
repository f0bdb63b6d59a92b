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
        waits AS (
            SELECT
                EXISTS (SELECT 1 FROM {s}queue AS q WHERE {{IsWanted}} AND {{FairnessSql.Waits}}) AS keyed,
                EXISTS (SELECT 1 FROM {s}queue AS q WHERE {{IsWanted}} AND {{LimitSql.Waits}}) AS limited),
        picked AS (
            SELECT waiting.id, waiting.turn, wanted.place, waiting.step, waiting.fairness, waiting.class, waiting.skip
            FROM wanted
            CROSS JOIN LATERAL (
                SELECT in_order.id, in_order.turn, {{NoFairness}}, {{NoSkip}}
                FROM (
                    SELECT q.id, q.added_at AS turn FROM {s}queue AS q
                    WHERE q.queue BETWEEN wanted.queue AND wanted.queue AND q.claimed_by IS NULL AND q.turn IS NULL
                    ORDER BY q.queue, q.id LIMIT $2 FOR UPDATE SKIP LOCKED) AS in_order
                UNION ALL
                SELECT by_turn.id, by_turn.turn, {{NoFairness}}, {{NoSkip}}
                FROM (
                    SELECT q.id, q.turn FROM {s}queue AS q
                    WHERE q.queue BETWEEN wanted.queue AND wanted.queue AND q.claimed_by IS NULL AND q.turn IS NOT NULL
                        AND q.fairness IS NULL AND q.limits IS NULL
                    ORDER BY q.queue, q.turn, q.id LIMIT $2 FOR UPDATE SKIP LOCKED) AS by_turn
        """;

    private const string IsWanted = "q.queue = ANY (ARRAY(SELECT wanted.queue FROM wanted))";

    private const string NoFairness = "CAST(0 AS bigint) AS step, CAST(NULL AS bigint) AS fairness, CAST(NULL AS bigint) AS class";

    private const string NoSkip = "CAST(NULL AS text) AS skip";

    // Beside the claimed rows: whether jobs with a key wait, whether others than those it took wait by a turn, and when a rate has room.
    // Such a row may be locked by a claim that does not take it.
    private const string Claimed = $$"""

            ORDER BY wanted.place, waiting.turn, waiting.step, waiting.id LIMIT $2),
        claimed AS (
            UPDATE {s}queue AS q
            SET claimed_by = $3, claimed_at = {now}, deliveries = {{ClaimToken.Next}}, skip = picked.skip
            FROM picked WHERE q.id = ANY (ARRAY[picked.id]) AND EXISTS (SELECT 1 FROM {s}lease AS l WHERE l.id = $3)
            RETURNING
                q.id AS claim, q.deliveries, q.claimed_at, q.job_id, q.queue, {{Order}}, q.limits IS NOT NULL AS limited, picked.fairness,
                picked.class, q.limits,
                CASE WHEN picked.skip IS NOT NULL THEN (
                    SELECT rule.name FROM {s}limit_rule AS rule WHERE rule.queue = q.queue AND rule.id = picked.skip) END AS skip),
        seen AS (
            SELECT
                waits.keyed AS has_keys,
                waits.limited AS has_limits,
                (SELECT count(*) FROM picked) < $2 AND ({more} OR EXISTS (
                    SELECT 1 FROM {s}queue AS q
                    WHERE {{IsWanted}} AND q.claimed_by IS NULL AND q.turn IS NOT NULL AND q.limits IS NULL
                        AND q.id <> ALL (ARRAY(SELECT picked.id FROM picked)))) AS has_more,
                {room} AS room_in
            FROM waits)
        """;

    private const string Order = "picked.place, picked.turn, picked.step";

    /// <summary>The name of the first column, which no other statement of a commit has.</summary>
    public const string FirstColumn = "claim";

    private const string Columns = "c.claim, c.deliveries, c.claimed_at, c.job_id, c.queue";

    private const string OrderColumns = "c.place, c.turn, c.limited, c.step, c.fairness, c.class, c.skip";

    private const string SeenColumns = "seen.has_keys, seen.has_limits, seen.has_more, seen.room_in";

    private const string Found = $$"""
        SELECT
            {{Columns}}, false, j.state = 'Enqueued' AND j.state_reason = '{{ClaimReturns.Lost}}', {{JobRow.Columns}},
            {{OrderColumns}}, {{SeenColumns}}
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
                FOR NO KEY UPDATE SKIP LOCKED) AS enqueued
            WHERE c.skip IS NULL),
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
        SELECT c.*, {{SeenColumns}}
        FROM seen
        LEFT JOIN answered AS c ON true
        ORDER BY c.place, c.turn, c.step, c.claim
        """;

    // The starts of what it has claimed, under limits with a rate; and what no claim counts any more.
    private static readonly string Counted = $$"""
        ,
        started AS (
            SELECT c.queue, part.id, count(*) AS number
            FROM claimed AS c CROSS JOIN LATERAL jsonb_array_elements_text(CAST(c.limits AS jsonb)) AS part (id)
            WHERE c.skip IS NULL
            GROUP BY c.queue, part.id),
        counted AS (
            INSERT INTO {s}limit_start ({{RateSql.Columns}})
            SELECT {{RateSql.Now("started.queue", "started.id", "started.number")}}
            FROM started JOIN {s}limit_rule AS rule ON {{IsRuleOf("started.queue", "started.id")}} AND {{RateSql.Starts}} IS NOT NULL
            {{RateSql.Add}}),
        forgotten AS (
            DELETE FROM {s}limit_start AS s
            USING started JOIN {s}limit_rule AS rule ON {{IsRuleOf("started.queue", "started.id")}} AND {{RateSql.Starts}} IS NOT NULL
            WHERE s.queue = started.queue AND s.id = started.id AND NOT {{RateSql.Counts(RateSql.Window)}})
        """;

    /// <summary>Moves starts of later than now to now: the clock was set back.</summary>
    public static readonly string Redate = $$"""
        WITH later AS (
            DELETE FROM {s}limit_start AS s WHERE s.queue = ANY ($1) AND s.begun_at > {now} RETURNING s.queue, s.id, s.number)
        INSERT INTO {s}limit_start ({{RateSql.Columns}})
        SELECT {{RateSql.Now("later.queue", "later.id", "CAST(sum(later.number) AS bigint)")}}
        FROM later JOIN {s}limit_rule AS rule ON {{IsRuleOf("later.queue", "later.id")}} AND {{RateSql.Starts}} IS NOT NULL
        GROUP BY later.queue, later.id, {{RateSql.Starts}}, {{RateSql.Window}}
        {{RateSql.Add}}
        """;

    private const long NeedsRedate = -1;

    /// <summary>Waits for the claims of other processes that consider limits, and makes this one durable.</summary>
    public const string LockLimits = """
        SELECT pg_advisory_xact_lock(one.key), set_config('synchronous_commit', 'on', true) FROM unnest($1) AS one (key)
        """;

    private static readonly Dictionary<(bool HasKeys, bool Begins, LimitedClaim Limited), string> Statements = (
        from hasKeys in (bool[])[false, true]
        from begins in (bool[])[false, true]
        from limited in Enum.GetValues<LimitedClaim>()
        select (Kind: (hasKeys, begins, limited), Sql: Compose(hasKeys, begins, limited))).ToDictionary(
            static one => one.Kind, static one => one.Sql);

    // Rows that another claim has locked and does not take are free when that commits.
    private const int FruitlessTries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private NpgsqlConnection? _connection;

    /// <summary>The statement of such a claim, see <see cref="StatementOf"/>.</summary>
    public static string SqlOf(bool hasKeys, bool begins, LimitedClaim limited) => Statements[(hasKeys, begins, limited)];

    /// <summary>
    /// The statement for a request, and its parameters: $1 the queues, $2 how many, $3 the lease; when the claim puts jobs into Processing,
    /// since when and the beginning of the text of the state; where jobs have fairness keys, the key of each class that was served last;
    /// and where it considers limits, at which of them it begins.
    /// </summary>
    /// <remarks>
    /// A row that another transaction has changed, or that another writer has locked, is claimed as it is: a claim waits for no row. The
    /// row comes from the change itself, as others may have changed it since the statement began.
    /// </remarks>
    public static (string Sql, object[] Values) StatementOf(
        ClaimRequest request, long leaseId, FairnessTurns turns, LimitedClaim limited)
    {
        var hasKeys = limited == LimitedClaim.Considers || turns.AreUsedIn(request.Queues);
        List<object> values = [request.Queues, (long)request.Count, leaseId];
        if (request.State is { } state)
            values.AddRange([state.At, state.Head]);
        if (hasKeys)
            values.Add(turns.LastOf(request.Queues));
        if (limited == LimitedClaim.Considers)
            values.Add(LimitIds.AnyStart());
        return (SqlOf(hasKeys, request.State is not null, limited), [.. values]);
    }

    public static ClaimAnswer Read(
        DbDataReader row, ClaimRequest request, long leaseId, long askedAt, FairnessTurns turns, LimitedQueues limited)
    {
        var end = row.FieldCount;
        var (hasKeys, hasLimits, hasMore) = (false, false, false);
        long? roomIn = null;
        List<ClaimedJob> claims = [];
        List<ServedKey> served = [];
        while (row.Read())
        {
            (hasKeys, hasLimits, hasMore) = (row.GetBoolean(end - 4), row.GetBoolean(end - 3), row.GetBoolean(end - 2));
            roomIn = row.NumberOrNull(end - 1);
            if (row.IsDBNull(0))
                continue;
            var queue = row.GetString(4);
            claims.Add(new ClaimedJob(
                new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), leaseId, row.GetInt64(3), queue,
                row.IsDBNull(7) ? null : JobRow.Read(row, 7), askedAt)
            {
                HasBegun = row.GetBoolean(5),
                WasLost = !row.IsDBNull(6) && row.GetBoolean(6),
                IsLimited = row.GetBoolean(end - 9),
                SkippedBy = row.TextOrNull(end - 5),
            });
            if (row.NumberOrNull(end - 7) is { } fairness)
                served.Add(new ServedKey(queue, row.GetInt64(end - 6), fairness, row.GetInt64(end - 8)));
        }
        turns.Served(served);
        turns.Saw(request.Queues, hasKeys);
        limited.Saw(request.Queues, hasLimits);
        return new ClaimAnswer(claims, hasMore) { RoomIn = roomIn };
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
            var changes = database.Limited.Changes;
            var kind = KindOf(request);
            var rest = request with { Count = request.Count - claims.Count };
            ClaimAnswer answer;
            try
            {
                answer = Conflicts.Retry(database, () => Claim(connection, rest, leaseId, kind.Limited));
                if (answer.RoomIn == NeedsRedate)
                    Conflicts.Retry(database, () => RedateStarts(connection, request.Queues));
            }
            catch (Exception) when (claims.Count > 0)
            {
                // The caller gets what there is. Whatever is wrong, the next claim fails as well, if it lasts.
                Disconnect();
                database.ReportFailedClaim();
                return claims;
            }
            claims.AddRange(answer.Jobs);
            if (claims.Count == request.Count)
                return claims;
            if (answer.RoomIn == NeedsRedate)
                continue;
            if (!answer.MayHaveMore)
            {
                if (kind.Limited == LimitedClaim.Considers)
                {
                    database.Limited.RoomComes(
                        request.Queues, answer.RoomIn is { } after ? Micros.ToTimeSpan(Math.Max(after, 0)) : null);
                    database.Limited.Filled(request.Queues, changes);
                }
                return claims;
            }
            if (answer.Jobs.Count > 0 || kind != KindOf(request))
                continue;
            if (++fruitless == FruitlessTries)
            {
                database.Limited.RoomComes(request.Queues, null);
                return claims;
            }
            database.Time.Sleep(Pause * fruitless);
        }
    }

    private (bool HasKeys, LimitedClaim Limited) KindOf(ClaimRequest request) =>
        (database.Turns.AreUsedIn(request.Queues), database.Limited.ClaimOf(request.Queues));

    private ClaimAnswer Claim(NpgsqlConnection connection, ClaimRequest request, long leaseId, LimitedClaim limited)
    {
        var askedAt = database.Time.GetTimestamp();
        using var batch = new NpgsqlBatch(connection);
        if (limited == LimitedClaim.Considers)
            Add(batch, LockLimits, database.LockKeysOf(request.Queues));
        var (sql, values) = StatementOf(request, leaseId, database.Turns, limited);
        Add(batch, sql, values);
        using var row = batch.ExecuteReader();
        if (limited == LimitedClaim.Considers)
            row.NextResult();
        var answer = Read(row, request, leaseId, askedAt, database.Turns, database.Limited);
        // An error of the commit comes after the rows.
        row.NextResult();
        return answer;
    }

    private int RedateStarts(NpgsqlConnection connection, string[] queues)
    {
        using var batch = new NpgsqlBatch(connection);
        Add(batch, LockLimits, database.LockKeysOf(queues));
        Add(batch, Redate, (object)queues);
        return batch.ExecuteNonQuery();
    }

    private void Add(NpgsqlBatch batch, string statement, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(database.Sql(statement));
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }

    private static string Compose(bool hasKeys, bool begins, LimitedClaim limited)
    {
        var first = begins ? 6 : 4;
        var (considers, start) = (limited == LimitedClaim.Considers, $"${first + 1}");
        var waits = (hasKeys, limited) switch
        {
            (_, LimitedClaim.Considers) => null,
            // One of them may come before all others.
            (false, LimitedClaim.Unknown) => "waits.keyed OR waits.limited",
            (true, LimitedClaim.Unknown) => "waits.limited",
            (false, _) => "waits.keyed",
            _ => null,
        };
        var more = limited switch
        {
            LimitedClaim.Unknown => "waits.limited",
            // Of those that other limits kept out, some may fit now.
            LimitedClaim.Considers => "EXISTS (SELECT 1 FROM picked)",
            _ => "false",
        };
        return Waiting
            + (hasKeys ? $" UNION ALL SELECT keyed.*, {NoSkip} FROM ({WithKeys($"${first}")}) AS keyed" : "")
            + (considers ? $" UNION ALL {WithLimits(start)}" : "")
            + ") AS waiting"
            + (waits is null ? "" : $" WHERE NOT (SELECT {waits} FROM waits)")
            + Claimed.Replace("{more}", more, StringComparison.Ordinal)
                .Replace("{room}", considers ? RoomIn(start) : "CAST(NULL AS bigint)", StringComparison.Ordinal)
            + (considers ? Counted : "")
            + (begins ? Begun : Found);
    }

    // Each claim that considers limits has the lock, so what runs can only become less until its commit. One has its rank among those that
    // share a limit, including such as another of their limits keeps out: those are for the next claim.
    private static string WithLimits(string start) => $$"""
        SELECT free.id, free.turn, {{NoFairness}}, free.skip
        FROM (
            SELECT q.id, q.turn, fitting.skip
            FROM (
                WITH RECURSIVE {{Room(start)}},
                first AS (
                    SELECT row.id, row.turn, kind.limits
                    FROM kind
                    CROSS JOIN LATERAL (
                        SELECT min(CAST(room.numbers ->> part.id AS bigint)) AS number
                        FROM room CROSS JOIN LATERAL jsonb_array_elements_text(CAST(kind.limits AS jsonb)) AS part (id)) AS least
                    CROSS JOIN LATERAL (
                        SELECT q.id, q.turn FROM {s}queue AS q
                        WHERE q.queue = wanted.queue AND {{LimitSql.Waits}} AND q.limits = kind.limits
                        ORDER BY q.queue, q.limits, q.turn, q.id
                        LIMIT CASE WHEN least.number < 0 THEN 0 WHEN least.number < $2 THEN least.number ELSE $2 END) AS row
                    ORDER BY row.turn, row.id LIMIT $2 * 2)
                SELECT ranked.id, {{NoSkip}}
                FROM (
                    SELECT
                        first.id,
                        CAST(room.numbers ->> part.id AS bigint) AS room,
                        row_number() OVER (PARTITION BY part.id ORDER BY first.turn, first.id) AS rank
                    FROM first
                    CROSS JOIN room
                    CROSS JOIN LATERAL jsonb_array_elements_text(CAST(first.limits AS jsonb)) AS part (id)) AS ranked
                GROUP BY ranked.id
                HAVING bool_and(ranked.rank <= ranked.room)
                UNION ALL
                SELECT row.id, left(full_one.id, {{LimitIds.RuleLength}})
                FROM kind
                CROSS JOIN room
                CROSS JOIN LATERAL (
                    SELECT min(part.id) AS id FROM jsonb_array_elements_text(CAST(kind.limits AS jsonb)) AS part (id)
                    WHERE room.skips ->> part.id IS NOT NULL) AS full_one
                CROSS JOIN LATERAL (
                    SELECT q.id FROM {s}queue AS q
                    WHERE q.queue = wanted.queue AND {{LimitSql.Waits}} AND q.limits = kind.limits
                    ORDER BY q.queue, q.limits, q.turn, q.id
                    LIMIT CASE WHEN full_one.id IS NULL THEN 0 ELSE $2 END) AS row) AS fitting
            JOIN {s}queue AS q ON q.id = ANY (ARRAY[fitting.id]) AND q.claimed_by IS NULL
            FOR UPDATE OF q SKIP LOCKED) AS free
        """;

    // How many more may begin of each limit and key that a waiting job needs; and of those whose rate has no room, when it has some.
    private static string Room(string start) => $$"""
        {{LimitSql.Kinds("wanted.queue", start)}},
        running AS (
            SELECT jsonb_object_agg(one.id, one.number) AS numbers
            FROM (
                SELECT part.id, count(*) AS number
                FROM {s}queue AS q CROSS JOIN LATERAL jsonb_array_elements_text(CAST(q.limits AS jsonb)) AS part (id)
                WHERE q.queue = wanted.queue AND {{LimitSql.Runs}}
                GROUP BY part.id) AS one),
        room AS (
            SELECT
                jsonb_object_agg(one.id, least(
                    coalesce(one.changed_to, one.declared, {{JobLimits.MaxRunning}}) - coalesce(one.number, 0),
                    one.starts - starts.number)) AS numbers,
                jsonb_object_agg(one.id, starts.room_at) FILTER (WHERE starts.number >= one.starts) AS times,
                jsonb_object_agg(one.id, 1) FILTER (WHERE one.skips > 0 AND least(
                    coalesce(one.changed_to, one.declared) - coalesce(one.number, 0), one.starts - starts.number) <= 0) AS skips,
                bool_or(starts.is_later) AS has_later
            FROM (
                SELECT
                    needed.id, needed.number, rule.changed_to, rule.declared, rule.skips, {{RateSql.Starts}} AS starts,
                    {{RateSql.Window}} AS span
                FROM (
                    SELECT DISTINCT part.id, CAST(running.numbers ->> part.id AS bigint) AS number
                    FROM kind
                    CROSS JOIN running
                    CROSS JOIN LATERAL jsonb_array_elements_text(CAST(kind.limits AS jsonb)) AS part (id)) AS needed
                LEFT JOIN {s}limit_rule AS rule
                    ON rule.queue = wanted.queue AND rule.id = left(needed.id, {{LimitIds.RuleLength}})) AS one
            CROSS JOIN LATERAL (
                SELECT {{RateSql.Counted("one.span")}} FROM {s}limit_start AS s
                WHERE one.starts IS NOT NULL AND s.queue = wanted.queue AND s.id = one.id
                    AND {{RateSql.Counts("one.span")}}) AS starts)
        """;

    // For a claim that has found nothing. A job that waits for several rates has room when the last of them has some.
    private static string RoomIn(string start) => $$"""
        CASE WHEN NOT EXISTS (SELECT 1 FROM picked) AND EXISTS (
            SELECT 1 FROM {s}limit_rule AS rule
            WHERE rule.queue = ANY (ARRAY(SELECT wanted.queue FROM wanted)) AND {{RateSql.Starts}} IS NOT NULL)
        THEN (
            SELECT CASE WHEN bool_or(soonest.has_later) THEN {{NeedsRedate}} ELSE CAST(min(soonest.at) AS bigint) - {now} END
            FROM wanted CROSS JOIN LATERAL (
                WITH RECURSIVE {{Room(start)}}
                SELECT
                    (SELECT room.has_later FROM room) AS has_later,
                    (SELECT min(blocked.at) FROM (
                        SELECT max(CAST(room.times ->> part.id AS bigint)) AS at
                        FROM kind
                        CROSS JOIN room
                        CROSS JOIN LATERAL jsonb_array_elements_text(CAST(kind.limits AS jsonb)) AS part (id)
                        GROUP BY kind.limits) AS blocked) AS at) AS soonest)
        END
        """;

    private static string IsRuleOf(string queue, string id) =>
        $"rule.queue = {queue} AND rule.id = left({id}, {LimitIds.RuleLength})";

    // Where each key has as many jobs as its share, the claim locks hardly more rows than it takes.
    private static string WithKeys(string last) => FairnessSql.Candidates(
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

    private void Disconnect()
    {
        if (_connection is { } connection)
            database.Return(connection);
        _connection = null;
    }
}
