namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// The jobs with limits that a claim considers. Those that have the same limits are next to each other in an index, so however many wait
/// for a limit without room, a claim reads one of them.
/// </summary>
internal static class LimitSql
{
    /// <summary>The condition of the index of such jobs.</summary>
    public const string Waits = "q.claimed_by IS NULL AND q.limits IS NOT NULL";

    /// <summary>
    /// How many different limits and keys a claim considers, at most. Where there are more, the next claim begins elsewhere.
    /// </summary>
    public const int MostKinds = 10_000;

    /// <summary>The condition of jobs that are executed under limits, which are in an index with those that are skipped.</summary>
    public const string Runs = "q.claimed_by IS NOT NULL AND q.limits IS NOT NULL AND q.skip IS NULL";

    /// <summary>
    /// The limits of waiting jobs, as the rows of <c>kind</c>: it hops along the index, from a place to the end, and from the beginning
    /// to that place.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="start">The text at which it begins.</param>
    public static string Kinds(string queue, string start) => $$"""
        behind (limits, number) AS (
            SELECT (SELECT min(q.limits) FROM {s}queue AS q WHERE q.queue = {{queue}} AND {{Waits}} AND q.limits > {{start}}), 1
            UNION ALL
            SELECT
                (SELECT min(q.limits) FROM {s}queue AS q WHERE q.queue = {{queue}} AND {{Waits}} AND q.limits > behind.limits),
                behind.number + 1
            FROM behind
            WHERE behind.limits IS NOT NULL AND behind.number < {{MostKinds}}),
        before (limits, number) AS (
            SELECT (SELECT min(q.limits) FROM {s}queue AS q WHERE q.queue = {{queue}} AND {{Waits}} AND q.limits <= {{start}}), 1
            UNION ALL
            SELECT
                (SELECT min(q.limits) FROM {s}queue AS q
                WHERE q.queue = {{queue}} AND {{Waits}} AND q.limits > before.limits AND q.limits <= {{start}}),
                before.number + 1
            FROM before
            WHERE before.limits IS NOT NULL AND before.number < {{MostKinds}}),
        kind (limits) AS (
            SELECT limits FROM behind WHERE limits IS NOT NULL
            UNION ALL
            SELECT limits FROM before WHERE limits IS NOT NULL
            LIMIT {{MostKinds}})
        """;
}
