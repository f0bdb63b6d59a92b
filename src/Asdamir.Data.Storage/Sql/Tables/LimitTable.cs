namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The limits of queues, and what waits and runs under them.</summary>
internal static class LimitTable
{
    /// <summary>How many rows of a queue are claimed, for each text of limits.</summary>
    public const string RunningSql =
        $"SELECT q.limits, count(*) FROM {{s}}queue AS q WHERE q.queue = @queue AND {LimitSql.Runs} GROUP BY q.limits";

    // Of each kind the first ones, so that a flood under one limit hides no other.
    private static readonly string WaitingSql = $$"""
        WITH RECURSIVE {{LimitSql.Kinds("@queue", "@start")}}
        SELECT
            kind.limits,
            (SELECT count(*) FROM (
                SELECT 1 FROM {s}queue AS q
                WHERE q.queue = @queue AND {{LimitSql.Waits}} AND q.limits = kind.limits
                LIMIT {{IJobLimits.MostCounted}}) AS first)
        FROM kind
        """;

    public static void Declare(SqlDatabase database, string queue, IReadOnlyCollection<JobLimitRule> rules) =>
        Conflicts.Retry(database, () =>
        {
            using var session = database.Begin();
            // In one order, as processes of an app start at the same time.
            foreach (var rule in rules.OrderBy(static rule => rule.Name, StringComparer.Ordinal))
            {
                session.Execute(
                    """
                    INSERT INTO {s}limit_rule (queue, id, name, declared, declared_starts, declared_window, skips)
                    VALUES (@queue, @id, @name, @declared, CAST(@starts AS bigint), CAST(@window AS bigint), @skips)
                    ON CONFLICT (queue, id) DO UPDATE SET
                        declared = excluded.declared,
                        declared_starts = excluded.declared_starts,
                        declared_window = excluded.declared_window,
                        skips = excluded.skips
                    WHERE {s}limit_rule.declared <> excluded.declared
                        OR {s}limit_rule.declared_starts IS DISTINCT FROM excluded.declared_starts
                        OR {s}limit_rule.declared_window IS DISTINCT FROM excluded.declared_window
                        OR {s}limit_rule.skips <> excluded.skips
                    """,
                    ("@queue", queue), ("@id", LimitIds.OfRule(rule.Name)), ("@name", rule.Name), ("@declared", (long)rule.MaxRunning),
                    ("@starts", (long?)rule.Rate?.Starts), ("@window", WindowOf(rule.Rate)), ("@skips", rule.Skips ? 1L : 0L));
            }
            session.Commit();
            return true;
        });

    public static bool Change(SqlDatabase database, string queue, string name, int? maxRunning, JobRate? rate, string by, string? reason)
    {
        using var session = database.Write();
        return session.Execute(
            """
            UPDATE {s}limit_rule SET
                changed_to = coalesce(CAST(@to AS bigint), CASE WHEN @keeps = 1 THEN changed_to END),
                changed_starts = coalesce(CAST(@starts AS bigint), CASE WHEN @keeps = 1 THEN changed_starts END),
                changed_window = coalesce(CAST(@window AS bigint), CASE WHEN @keeps = 1 THEN changed_window END),
                changed_by = @by,
                changed_at = {now},
                reason = @reason
            WHERE queue = @queue AND id = @id
            """,
            ("@to", (long?)maxRunning), ("@starts", (long?)rate?.Starts), ("@window", WindowOf(rate)),
            ("@keeps", maxRunning is null && rate is null ? 0 : 1), ("@by", by), ("@reason", reason), ("@queue", queue),
            ("@id", LimitIds.OfRule(name))) > 0;
    }

    public static List<JobLimitStatus> List(SqlDatabase database, string? queue)
    {
        using var session = database.ReadSnapshot();
        var rules = session.Query(
            """
            SELECT
                queue, id, name, declared, changed_to, changed_by, changed_at, reason, declared_starts, declared_window, changed_starts,
                changed_window, skips
            FROM {s}limit_rule
            WHERE (@queue IS NULL OR queue = @queue)
            """,
            static row => (Id: row.GetString(1), Status: new JobLimitStatus
            {
                Queue = row.GetString(0),
                Name = row.GetString(2),
                Declared = (int)row.GetInt64(3),
                ChangedTo = (int?)row.NumberOrNull(4),
                ChangedBy = row.TextOrNull(5),
                ChangedAt = row.TimeOrNull(6),
                Reason = row.TextOrNull(7),
                DeclaredRate = RateOf(row.NumberOrNull(8), row.NumberOrNull(9)),
                RateChangedTo = RateOf(row.NumberOrNull(10), row.NumberOrNull(11)),
                Skips = row.GetInt64(12) > 0,
                Running = 0,
                Waiting = 0,
            }),
            ("@queue", queue));
        List<JobLimitStatus> limits = [];
        foreach (var ofQueue in rules.GroupBy(static rule => rule.Status.Queue))
        {
            var running = Sum(session, RunningSql, ofQueue.Key);
            var waiting = Sum(session, WaitingSql, ofQueue.Key);
            limits.AddRange(ofQueue.Select(rule => rule.Status with
            {
                Running = running.GetValueOrDefault(rule.Id),
                Waiting = waiting.GetValueOrDefault(rule.Id),
            }));
        }
        return
        [
            .. limits.OrderBy(static limit => limit.Queue, StringComparer.Ordinal)
                .ThenBy(static limit => limit.Name, StringComparer.Ordinal),
        ];
    }

    private static long? WindowOf(JobRate? rate) => rate is null ? null : Micros.Of(rate.Window);

    private static JobRate? RateOf(long? starts, long? window) =>
        starts is { } number && window is { } micros ? new JobRate((int)number, Micros.ToTimeSpan(micros)) : null;

    private static Dictionary<string, long> Sum(Session session, string sql, string queue)
    {
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (var (limits, count) in session.Query(
            sql, static row => (row.GetString(0), row.GetInt64(1)), ("@queue", queue), ("@start", "")))
        {
            foreach (var rule in LimitIds.RulesOf(limits))
                counts[rule] = counts.GetValueOrDefault(rule) + count;
        }
        return counts;
    }
}
