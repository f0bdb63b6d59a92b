using System.Text.Json;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>
/// Claims jobs. As in PostgreSQL a claim need not be durable: the first commit for its job makes it so. One under a rate is: a power cut
/// must not undo that a job began.
/// </summary>
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

    // A row that a claim skips is not one that it executes.
    private const string SkipSql = "UPDATE {s}queue SET skip = @rule WHERE id = @id";

    private const string ClaimSql = $$"""
        UPDATE {s}queue SET claimed_by = @lease, claimed_at = {now}, deliveries = {{ClaimToken.Next}}, skip = NULL
        WHERE id IN (SELECT value FROM json_each(@ids)) AND EXISTS (SELECT 1 FROM {s}lease WHERE id = @lease)
        RETURNING id, deliveries, claimed_at, job_id, queue, limits
        """;

    /// <summary>What has begun under a limit and key.</summary>
    public static readonly string StartsSql = $$"""
        SELECT number, is_later, room_at - {now}
        FROM (
            SELECT {{RateSql.Counted("@window")}} FROM {s}limit_start AS s
            WHERE s.queue = @queue AND s.id = @id AND {{RateSql.Counts("@window")}})
        """;

    private const string LaterSql =
        "SELECT sum(s.number) FROM {s}limit_start AS s WHERE s.queue = @queue AND s.id = @id AND s.begun_at > {now}";

    private const string ForgetLaterSql = "DELETE FROM {s}limit_start WHERE queue = @queue AND id = @id AND begun_at > {now}";

    private const string Rule = $"{{s}}limit_rule AS rule WHERE rule.queue = @queue AND rule.id = @rule AND {RateSql.Starts} IS NOT NULL";

    private static readonly string AddSql =
        $"INSERT INTO {{s}}limit_start ({RateSql.Columns}) SELECT {RateSql.Now("@queue", "@id", "@number")} FROM {Rule} {RateSql.Add}";

    private const string ForgetSql = $$"""
        DELETE FROM {s}limit_start
        WHERE queue = @queue AND id = @id AND ends_at <= {now} - (SELECT {{RateSql.Window}} FROM {{Rule}})
        """;

    private volatile bool _needsDurable;

    public IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, long leaseId)
    {
        if (!IsAnythingWaiting(request.Queues))
        {
            database.Limited.RoomComes(request.Queues, null);
            return [];
        }
        while (true)
        {
            var isDurable = _needsDurable;
            using var session = database.Begin(relaxed: !isDurable);
            var claims = Claim(session, request, leaseId);
            if (_needsDurable && !isDurable)
                continue;
            session.Commit();
            return claims;
        }
    }

    /// <summary>Claims in a transaction that has begun.</summary>
    public IReadOnlyList<ClaimedJob> Claim(Session session, ClaimRequest request, long leaseId)
    {
        _needsDurable = false;
        var askedAt = database.Time.GetTimestamp();
        List<Row> claims = [];
        foreach (var queue in request.Queues)
        {
            if (claims.Count == request.Count)
                break;
            var (chosen, hasRates) = Pick(session, queue, request.Count - claims.Count);
            var picked = chosen.ConvertAll(static row => row.Id);
            List<Row> claimed =
            [
                .. session.Query(
                    ClaimSql,
                    static row => new Row(
                        new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), row.GetInt64(3), row.GetString(4),
                        row.TextOrNull(5)),
                    ("@lease", leaseId), ("@ids", JsonSerializer.Serialize(picked)))
                    .OrderBy(row => picked.IndexOf(row.Token.Id)),
            ];
            var skipped = chosen.Where(static row => row.SkippedBy is not null)
                .ToDictionary(static row => row.Id, static row => row.SkippedBy!);
            foreach (var (id, name) in skipped)
                session.Execute(SkipSql, ("@id", id), ("@rule", LimitIds.OfRule(name)));
            claimed = claimed.ConvertAll(row => row with { SkippedBy = skipped.GetValueOrDefault(row.Token.Id) });
            if (hasRates)
                CountStarts(session, queue, claimed);
            claims.AddRange(claimed);
        }
        var lost = LostOf(session, claims);
        var begun = request.State is { } state ? Begin(session, claims.FindAll(static claim => claim.SkippedBy is null), state) : [];
        var rows = session.Query(
            $"SELECT {JobRow.Columns} FROM {{s}}job AS j WHERE " + database.AnyOf("j.id", "@ids"), JobRow.Read,
            ("@ids", claims.ConvertAll(static claim => claim.JobId).ToArray())).ToDictionary(static row => row.Id);
        return claims.ConvertAll(
            claim => new ClaimedJob(claim.Token, leaseId, claim.JobId, claim.Queue, rows.GetValueOrDefault(claim.JobId), askedAt)
            {
                HasBegun = begun.Contains(claim.Token.Id),
                WasLost = lost.Contains(claim.JobId),
                IsLimited = claim.Limits is not null,
                SkippedBy = claim.SkippedBy,
            });
    }

    public void Dispose()
    {
    }

    /// <returns>The rows to claim, in their order, and whether a limit of the queue has a rate.</returns>
    private (List<Picked> Rows, bool HasRates) Pick(Session session, string queue, int count)
    {
        var hasRates = false;
        if (session.Number(IsPausedSql, ("@queue", queue)) is not null)
        {
            database.Limited.RoomComes([queue], null);
            return ([], hasRates);
        }
        var picked = session.Number(HasKeys, ("@queue", queue)) is null
            ? session.Query(PickedSql, static row => new Picked(row.GetInt64(0), row.GetInt64(1)), ("@queue", queue), ("@count", count))
            : PickWithKeys(session, queue, count);
        // A stable order: what has the same turn keeps the order of the keys.
        if (session.Number(HasLimits, ("@queue", queue)) is not null)
        {
            picked =
            [
                .. picked.Concat(PickWithLimits(session, queue, count, out hasRates)).OrderBy(static row => row.Turn).Take(count),
            ];
        }
        else
        {
            database.Limited.RoomComes([queue], null);
        }
        database.Turns.Served(picked.Select(static row => row.Key).OfType<ServedKey>());
        return (picked, hasRates);
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
    private List<Picked> PickWithLimits(Session session, string queue, int count, out bool hasRates)
    {
        var kinds = session.Query(
            KindsSql, static row => LimitIds.IdsOf(row.GetString(0)), ("@queue", queue), ("@start", LimitIds.AnyStart()));
        var room = RoomOf(session, queue, kinds);
        hasRates = room.Values.Any(static one => one.Starts is not null);
        List<(Picked Row, IReadOnlyList<string> Limits)> first = [];
        foreach (var limits in kinds)
        {
            if (Math.Min(limits.Min(id => room[id].Number), count) is > 0 and var fit)
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
            if (limits.Any(id => room[id].Number <= 0))
                continue;
            foreach (var id in limits)
                room[id].Take();
            picked.Add(row);
        }
        foreach (var limits in kinds)
        {
            var full = limits.Select(id => room[id]).FirstOrDefault(static one => one is { SkipsAs: not null, Number: <= 0 });
            if (full?.SkipsAs is { } name)
            {
                picked.AddRange(session.Query(
                    PickedWithLimitsSql, row => new Picked(row.GetInt64(0), row.GetInt64(1), SkippedBy: name),
                    ("@queue", queue), ("@limits", LimitIds.TextOf(limits)), ("@room", count + picked.Count))
                    .ExceptBy(picked.ConvertAll(static row => row.Id), static row => row.Id)
                    .ToList());
            }
        }
        // A job that waits for several rates has room when the last of them has some.
        var comes = kinds.Select(limits => limits.Max(id => room[id] is { Starts: <= 0 } full ? full.StartsIn : null)).Min();
        database.Limited.RoomComes([queue], comes is { } micros ? Micros.ToTimeSpan(Math.Max(micros, 0)) : null);
        return picked;
    }

    /// <returns>How many more jobs may begin, for each limit and key that waiting jobs need.</returns>
    private static Dictionary<string, Room> RoomOf(Session session, string queue, List<IReadOnlyList<string>> kinds)
    {
        var rules = session.Query(
            $$"""
            SELECT rule.id, coalesce(rule.changed_to, rule.declared), {{RateSql.Starts}}, {{RateSql.Window}},
                CASE WHEN rule.skips > 0 THEN rule.name END
            FROM {s}limit_rule AS rule WHERE rule.queue = @queue
            """,
            static row => (
                Id: row.GetString(0), Most: row.GetInt64(1), Starts: row.NumberOrNull(2), Window: row.NumberOrNull(3),
                SkipsAs: row.TextOrNull(4)),
            ("@queue", queue)).ToDictionary(static rule => rule.Id, StringComparer.Ordinal);
        Dictionary<string, Room> room = new(StringComparer.Ordinal);
        foreach (var id in kinds.SelectMany(static ids => ids).Distinct(StringComparer.Ordinal))
        {
            room.Add(id, rules.TryGetValue(LimitIds.RuleOf(id), out var rule)
                ? new Room { Free = rule.Most, SkipsAs = rule.SkipsAs }
                : new Room { Free = JobLimits.MaxRunning });
            if (rule is { Starts: { } starts, Window: { } window })
            {
                var (number, comes) = StartsOf(session, queue, id, window);
                (room[id].Starts, room[id].StartsIn) = (starts - number, comes);
            }
        }
        foreach (var (limits, number) in session.Query(
            LimitTable.RunningSql, static row => (row.GetString(0), row.GetInt64(1)), ("@queue", queue)))
        {
            foreach (var id in LimitIds.IdsOf(limits).Where(room.ContainsKey))
                room[id].Free -= number;
        }
        return room;
    }

    /// <returns>How many starts count, and in how many microseconds there is room if there is none.</returns>
    private static (long Number, long StartsIn) StartsOf(Session session, string queue, string id, long window)
    {
        while (true)
        {
            var (number, isLater, comes) = session.Query(
                StartsSql, static row => (row.GetInt64(0), row.GetBoolean(1), row.NumberOrNull(2)),
                ("@queue", queue), ("@id", id), ("@window", window))[0];
            if (!isLater)
                return (number, comes ?? window);
            // The clock was set back.
            var later = session.Number(LaterSql, ("@queue", queue), ("@id", id)) ?? 0;
            session.Execute(ForgetLaterSql, ("@queue", queue), ("@id", id));
            AddStarts(session, queue, id, later);
        }
    }

    private void CountStarts(Session session, string queue, List<Row> claimed)
    {
        var starts = claimed.Where(static row => row.SkippedBy is null)
            .SelectMany(static row => LimitIds.IdsOf(row.Limits ?? "[]")).CountBy(static id => id);
        foreach (var (id, number) in starts)
        {
            if (!AddStarts(session, queue, id, number))
                continue;
            session.Execute(ForgetSql, ("@queue", queue), ("@id", id), ("@rule", LimitIds.RuleOf(id)));
            _needsDurable = true;
        }
    }

    /// <returns>Whether the limit has a rate.</returns>
    private static bool AddStarts(Session session, string queue, string id, long number) =>
        session.Execute(AddSql, ("@queue", queue), ("@id", id), ("@rule", LimitIds.RuleOf(id)), ("@number", number)) > 0;

    private HashSet<long> LostOf(Session session, List<Row> claims) =>
        [.. session.Query(
            $$"""
            SELECT id FROM {s}job
            WHERE {{database.AnyOf("id", "@ids")}} AND state = 'Enqueued' AND state_reason = '{{ClaimReturns.Lost}}'
            """,
            static row => row.GetInt64(0), ("@ids", claims.ConvertAll(static claim => claim.JobId).ToArray()))];

    // Of two claims of one job the first has begun it.
    private static HashSet<long> Begin(
        Session session, List<Row> claims, ClaimedState state)
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

    /// <summary>A row of the queue that was claimed.</summary>
    private sealed record Row(ClaimToken Token, long JobId, string Queue, string? Limits, string? SkippedBy = null);

    /// <summary>How many more jobs of a limit and key may begin.</summary>
    private sealed class Room
    {
        /// <summary>How many more may be executed.</summary>
        public required long Free { get; set; }

        /// <summary>The name of the limit, when jobs are deleted for which there is none.</summary>
        public string? SkipsAs { get; init; }

        /// <summary>How many more its rate allows; <see langword="null"/> without one.</summary>
        public long? Starts { get; set; }

        /// <summary>In how many microseconds the rate has room if it has none.</summary>
        public long? StartsIn { get; set; }

        public long Number => Math.Min(Free, Starts ?? long.MaxValue);

        public void Take()
        {
            Free--;
            Starts--;
        }
    }

    /// <param name="Id">The row of the queue.</param>
    /// <param name="Turn">When it is its turn.</param>
    /// <param name="Key">The fairness key that is served with it, if any.</param>
    /// <param name="SkippedBy">The limit that has no room for it, when it is to be deleted.</param>
    private sealed record Picked(long Id, long Turn, ServedKey? Key = null, string? SkippedBy = null);
}
