namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The jobs with a fairness key that a claim considers. Each row is found by an index, however many jobs a key has.</summary>
internal static class FairnessSql
{
    /// <summary>The condition of the index of such jobs.</summary>
    public const string Waits = "q.claimed_by IS NULL AND q.fairness IS NOT NULL AND q.limits IS NULL";

    /// <summary>
    /// The first jobs of the keys whose turn it is, as <c>id, turn, step, fairness, class</c>. In each class, which is a priority, it hops
    /// from key to key along the index, begins behind the key that was served last, and continues with the first key after the last one.
    /// In the order of the turns, no second job of a key comes before the first ones of the others.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="count">The most keys of a class.</param>
    /// <param name="last">The key of a <c>class.priority</c> that was served last; -1 when none was.</param>
    /// <param name="firstJobs">Joins a <c>taker</c> of a <c>class</c> with its first jobs, as <c>first</c>.</param>
    public static string Candidates(string queue, string count, string last, string firstJobs) => $$"""
        SELECT
            ranked.id,
            CASE WHEN ranked.turn_before > ranked.turn THEN ranked.turn_before ELSE ranked.turn END AS turn,
            ranked.round * 1000000 + ranked.place AS step,
            ranked.fairness,
            ranked.class
        FROM (
            SELECT
                one.*,
                max(one.turn) OVER (
                    PARTITION BY one.class ORDER BY one.round GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS turn_before
            FROM (
                {{Keys(queue, count, last)}}
                SELECT
                    first.id,
                    first.turn,
                    taker.class,
                    taker.fairness,
                    taker.place,
                    row_number() OVER (PARTITION BY taker.class, taker.fairness ORDER BY first.turn, first.id) AS round
                FROM (
                    SELECT hop.*, count(*) OVER (PARTITION BY hop.class) AS keys FROM hop
                    WHERE hop.place > 0 AND hop.fairness IS NOT NULL) AS taker
                {{firstJobs}}) AS one) AS ranked
        """;

    /// <summary>Those keys, as the rows of <c>hop</c> that have a place and a key.</summary>
    public static string Keys(string queue, string count, string last) => $$"""
        WITH RECURSIVE class (priority) AS (
            SELECT min(q.priority) FROM {s}queue AS q WHERE q.queue = {{queue}} AND {{Waits}}
            UNION ALL
            SELECT (SELECT min(q.priority) FROM {s}queue AS q WHERE q.queue = {{queue}} AND {{Waits}} AND q.priority > class.priority)
            FROM class
            WHERE class.priority IS NOT NULL),
        hop (class, last, place, fairness) AS (
            SELECT begun.priority, begun.last, CAST(0 AS bigint), begun.last
            FROM (SELECT class.priority, {{last}} AS last FROM class WHERE class.priority IS NOT NULL) AS begun
            UNION ALL
            SELECT
                hop.class,
                hop.last,
                hop.place + 1,
                coalesce(
                    (SELECT min(q.fairness) FROM {s}queue AS q
                    WHERE q.queue = {{queue}} AND {{Waits}} AND q.priority = hop.class AND q.fairness > hop.fairness
                        AND q.fairness <= CASE
                            WHEN hop.place > 0 AND hop.fairness <= hop.last THEN hop.last
                            ELSE 9223372036854775807 END),
                    CASE WHEN hop.place = 0 OR hop.fairness > hop.last THEN (
                        SELECT min(q.fairness) FROM {s}queue AS q
                        WHERE q.queue = {{queue}} AND {{Waits}} AND q.priority = hop.class AND q.fairness <= hop.last) END)
            FROM hop
            WHERE hop.place < {{count}} AND hop.fairness IS NOT NULL)
        """;
}
