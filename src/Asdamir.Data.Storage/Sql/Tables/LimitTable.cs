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
                    INSERT INTO {s}limit_rule (queue, id, name, declared) VALUES (@queue, @id, @name, @declared)
                    ON CONFLICT (queue, id) DO UPDATE SET declared = excluded.declared
                    WHERE {s}limit_rule.declared <> excluded.declared
                    """,
                    ("@queue", queue), ("@id", LimitIds.OfRule(rule.Name)), ("@name", rule.Name), ("@declared", (long)rule.MaxRunning));
            }
            session.Commit();
            return true;
        });

    public static bool Change(SqlDatabase database, string queue, string name, int? maxRunning, string by, string? reason)
    {
        using var session = database.Write();
        return session.Execute(
            """
            UPDATE {s}limit_rule SET changed_to = @to, changed_by = @by, changed_at = {now}, reason = @reason
            WHERE queue = @queue AND id = @id
            """,
            ("@to", (long?)maxRunning), ("@by", by), ("@reason", reason), ("@queue", queue), ("@id", LimitIds.OfRule(name))) > 0;
    }

    public static List<JobLimitStatus> List(SqlDatabase database, string? queue)
    {
        using var session = database.ReadSnapshot();
        var rules = session.Query(
            """
            SELECT queue, id, name, declared, changed_to, changed_by, changed_at, reason FROM {s}limit_rule
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
