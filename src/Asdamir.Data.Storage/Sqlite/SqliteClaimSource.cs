using System.Text.Json;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Claims jobs. As in PostgreSQL a claim need not be durable: the first commit for its job makes it so.</summary>
internal sealed class SqliteClaimSource(SqliteDatabase database) : IClaimSource
{
    /// <summary>Whether a queue is paused.</summary>
    public const string IsPausedSql = $"SELECT 1 FROM {{s}}pause AS p WHERE p.name = @queue AND {PauseTable.PausesQueue}";

    /// <summary>The rows of a queue that come first. As in PostgreSQL the two kinds are merged by time.</summary>
    public const string PickedSql = """
        SELECT id, turn
        FROM (
            SELECT * FROM (
                SELECT id, added_at AS turn FROM {s}queue
                WHERE queue = @queue AND claimed_by IS NULL AND turn IS NULL
                ORDER BY id LIMIT @count)
            UNION ALL
            SELECT * FROM (
                SELECT id, turn FROM {s}queue
                WHERE queue = @queue AND claimed_by IS NULL AND turn IS NOT NULL AND fairness IS NULL AND limits IS NULL
                ORDER BY turn, id LIMIT @count))
        ORDER BY turn, id LIMIT @count
        """;

    /// <summary>How many keys of a priority a claim considers, at most.</summary>
    public static readonly string KeysSql = $"""
        {FairnessSql.Keys("@queue", "@count", Last)}
        SELECT count(*) FROM hop WHERE place > 0 AND fairness IS NOT NULL GROUP BY class ORDER BY 1 DESC
        """;

    /// <summary>The rows of a queue that come first where jobs have fairness keys; of each key @share.</summary>
    public static readonly string PickedWithKeysSql = $$"""
        SELECT id, turn, fairness, class, step
        FROM (
            SELECT id, turn, 0 AS step, NULL AS fairness, NULL AS class FROM (
                SELECT id, added_at AS turn FROM {s}queue
                WHERE queue = @queue AND claimed_by IS NULL AND turn IS NULL
                ORDER BY id LIMIT @count)
            UNION ALL
            SELECT id, turn, 0, NULL, NULL FROM (
                SELECT id, turn FROM {s}queue
                WHERE queue = @queue AND claimed_by IS NULL AND turn IS NOT NULL AND fairness IS NULL AND limits IS NULL
                ORDER BY turn, id LIMIT @count)
            UNION ALL
            SELECT id, turn, step, fairness, class FROM (
                {{FairnessSql.Candidates("@queue", "@count", Last, $$"""
                    JOIN {s}queue AS first ON first.id IN (
                        SELECT q.id FROM {s}queue AS q
                        WHERE q.queue = @queue AND {{FairnessSql.Waits}} AND q.priority = taker.class AND q.fairness = taker.fairness
                        ORDER BY q.turn, q.id LIMIT @share)
                    """)}}))
        ORDER BY turn, step, id LIMIT @count
        """;

    private const string Last = "coalesce(json_extract(@last, '$[' || class.priority || ']'), -1)";

    private const string HasKeys = $"SELECT 1 FROM {{s}}queue AS q WHERE q.queue = @queue AND {FairnessSql.Waits} LIMIT 1";

    private const string HasLimits = $"SELECT 1 FROM {{s}}queue AS q WHERE q.queue = @queue AND {LimitSql.Waits} LIMIT 1";

    /// <summary>The limits of waiting jobs.</summary>
    public static readonly string KindsSql =
        $"WITH RECURSIVE {LimitSql.Kinds("@queue", "@start")} SELECT limits FROM kind";

    /// <summary>The first rows of those limits.</summary>
    public const string PickedWithLimitsSql = $$"""
        SELECT q.id, q.turn FROM {s}queue AS q WHERE q.queue = @queue AND {{LimitSql.Waits}} AND q.limits = @limits
        ORDER BY q.turn, q.id LIMIT @room
        """;

    private const string ClaimSql = $$"""
        UPDATE {s}queue SET claimed_by = @lease, claimed_at = {now}, deliveries = {{ClaimToken.Next}}
        WHERE id IN (SELECT value FROM json_each(@ids)) AND EXISTS (SELECT 1 FROM {s}lease WHERE id = @lease)
        RETURNING id, deliveries, claimed_at, job_id, queue, limits IS NOT NULL
        """;

    public IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, long leaseId)
    {
        if (!IsAnythingWaiting(request.Queues))
            return [];
        using var session = database.Begin(relaxed: true);
        var claims = Claim(session, request, leaseId);
        session.Commit();
        return claims;
    }

    /// <summary>Claims in a transaction that has begun.</summary>
    public IReadOnlyList<ClaimedJob> Claim(Session session, ClaimRequest request, long leaseId)
    {
        var askedAt = database.Time.GetTimestamp();
        List<(ClaimToken Token, long JobId, string Queue, bool IsLimited)> claims = [];
        foreach (var queue in request.Queues)
        {
            if (claims.Count == request.Count)
                break;
            var picked = Pick(session, queue, request.Count - claims.Count);
            claims.AddRange(session.Query(
                ClaimSql,
                static row => (
                    new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), row.GetInt64(3), row.GetString(4),
                    row.GetBoolean(5)),
                ("@lease", leaseId), ("@ids", JsonSerializer.Serialize(picked)))
                .OrderBy(row => picked.IndexOf(row.Item1.Id)));
        }
        var lost = LostOf(session, claims);
        var begun = request.State is { } state ? Begin(session, claims, state) : [];
        var rows = session.Query(
            $"SELECT {JobRow.Columns} FROM {{s}}job AS j WHERE " + database.AnyOf("j.id", "@ids"), JobRow.Read,
            ("@ids", claims.ConvertAll(static claim => claim.JobId).ToArray())).ToDictionary(static row => row.Id);
        return claims.ConvertAll(
            claim => new ClaimedJob(claim.Token, leaseId, claim.JobId, claim.Queue, rows.GetValueOrDefault(claim.JobId), askedAt)
            {
                HasBegun = begun.Contains(claim.Token.Id),
                WasLost = lost.Contains(claim.JobId),
                IsLimited = claim.IsLimited,
            });
    }

    public void Dispose()
    {
    }

    /// <returns>The rows to claim, in their order.</returns>
    private List<long> Pick(Session session, string queue, int count)
    {
        if (session.Number(IsPausedSql, ("@queue", queue)) is not null)
            return [];
        var picked = session.Number(HasKeys, ("@queue", queue)) is null
            ? session.Query(PickedSql, static row => new Picked(row.GetInt64(0), row.GetInt64(1)), ("@queue", queue), ("@count", count))
            : PickWithKeys(session, queue, count);
        // A stable order: what has the same turn keeps the order of the keys.
        if (session.Number(HasLimits, ("@queue", queue)) is not null)
            picked = [.. picked.Concat(PickWithLimits(session, queue, count)).OrderBy(static row => row.Turn).Take(count)];
        database.Turns.Served(picked.Select(static row => row.Key).OfType<ServedKey>());
        return picked.ConvertAll(static row => row.Id);
    }

    private List<Picked> PickWithKeys(Session session, string queue, int count)
    {
        var last = JsonSerializer.Serialize(database.Turns.LastOf([queue]));
        var keys = session.Number(KeysSql, ("@queue", queue), ("@count", count), ("@last", last)) ?? 1;
        var picked = Pick((count + keys - 1) / keys);
        // Not all keys have as many jobs as their share.
        return picked.Count < count && keys > 1 ? Pick(count) : picked;

        List<Picked> Pick(long share) => session.Query(
            PickedWithKeysSql,
            row => new Picked(
                row.GetInt64(0),
                row.GetInt64(1),
                row.NumberOrNull(2) is { } fairness ? new ServedKey(queue, row.GetInt64(3), fairness, row.GetInt64(4)) : null),
            ("@queue", queue), ("@count", count), ("@share", share), ("@last", last));
    }

    // There is one writer at a time, so what is counted stays until the commit.
    private static List<Picked> PickWithLimits(Session session, string queue, int count)
    {
        var kinds = session.Query(
            KindsSql, static row => LimitIds.IdsOf(row.GetString(0)), ("@queue", queue), ("@start", LimitIds.AnyStart()));
        var room = RoomOf(session, queue, kinds);
        List<(Picked Row, IReadOnlyList<string> Limits)> first = [];
        foreach (var limits in kinds)
        {
            if (Math.Min(limits.Min(id => room[id]), count) is > 0 and var fit)
            {
                first.AddRange(session.Query(
                    PickedWithLimitsSql, row => (new Picked(row.GetInt64(0), row.GetInt64(1)), limits),
                    ("@queue", queue), ("@limits", LimitIds.TextOf(limits)), ("@room", fit)));
            }
        }
        List<Picked> picked = [];
        foreach (var (row, limits) in first.OrderBy(static one => one.Row.Turn).ThenBy(static one => one.Row.Id))
        {
            if (picked.Count == count)
                break;
            if (limits.Any(id => room[id] <= 0))
                continue;
            foreach (var id in limits)
                room[id]--;
            picked.Add(row);
        }
        return picked;
    }

    /// <returns>How many more jobs may begin, for each limit and key that waiting jobs need.</returns>
    private static Dictionary<string, long> RoomOf(Session session, string queue, List<IReadOnlyList<string>> kinds)
    {
        var rules = session.Query(
            "SELECT id, coalesce(changed_to, declared) FROM {s}limit_rule WHERE queue = @queue",
            static row => (row.GetString(0), row.GetInt64(1)), ("@queue", queue)).ToDictionary(StringComparer.Ordinal);
        var room = kinds.SelectMany(static ids => ids).Distinct(StringComparer.Ordinal).ToDictionary(
            static id => id, id => rules.GetValueOrDefault(LimitIds.RuleOf(id), JobLimits.MaxRunning), StringComparer.Ordinal);
        foreach (var (limits, number) in session.Query(
            LimitTable.RunningSql, static row => (row.GetString(0), row.GetInt64(1)), ("@queue", queue)))
        {
            foreach (var id in LimitIds.IdsOf(limits).Where(room.ContainsKey))
                room[id] -= number;
        }
        return room;
    }

    private HashSet<long> LostOf(Session session, List<(ClaimToken Token, long JobId, string Queue, bool IsLimited)> claims) =>
        [.. session.Query(
            $$"""
            SELECT id FROM {s}job
            WHERE {{database.AnyOf("id", "@ids")}} AND state = 'Enqueued' AND state_reason = '{{ClaimReturns.Lost}}'
            """,
            static row => row.GetInt64(0), ("@ids", claims.ConvertAll(static claim => claim.JobId).ToArray()))];

    // Of two claims of one job the first has begun it.
    private static HashSet<long> Begin(
        Session session, List<(ClaimToken Token, long JobId, string Queue, bool IsLimited)> claims, ClaimedState state)
    {
        var firstClaims = claims.DistinctBy(static claim => claim.JobId).ToDictionary(static claim => claim.JobId);
        var jobs = session.Query(
            $$"""
            UPDATE {s}job AS j SET {{JobChange.Beginning}}
            FROM (SELECT value ->> 0 AS job_id, value ->> 1 AS delivery, @at AS at, @head AS head FROM json_each(@claims)) AS c
            WHERE j.id = c.job_id
                AND j.state = 'Enqueued'
                AND (j.locked_until IS NULL OR j.locked_until NOT BETWEEN {now} AND {now} + {{RowLockTimes.Longest}})
            RETURNING id
            """,
            static row => row.GetInt64(0),
            ("@at", state.At), ("@head", state.Head), ("@claims", JsonSerializer.Serialize(
                firstClaims.Values.Select(static claim => new object[] { claim.JobId, claim.Token.DeliveryId }))));
        return [.. jobs.Select(id => firstClaims[id].Token.Id)];
    }

    // A read first: it does not take the turn to write.
    private bool IsAnythingWaiting(string[] queues)
    {
        using var session = database.Read();
        foreach (var queue in queues)
        {
            if (session.Number(
                $"SELECT 1 FROM {{s}}waiting WHERE queue = @queue AND NOT EXISTS ({IsPausedSql}) LIMIT 1", ("@queue", queue)) is not null)
            {
                return true;
            }
        }
        return false;
    }

    /// <param name="Id">The row of the queue.</param>
    /// <param name="Turn">When it is its turn.</param>
    /// <param name="Key">The fairness key that is served with it, if any.</param>
    private sealed record Picked(long Id, long Turn, ServedKey? Key = null);
}
