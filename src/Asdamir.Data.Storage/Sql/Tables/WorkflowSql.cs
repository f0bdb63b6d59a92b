namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>What the ends of jobs change in their workflows: one rule for both databases, which apply it in their ways.</summary>
internal static class WorkflowSql
{
    /// <summary>The outcomes after which a condition cannot be met any more, unless it is met by them.</summary>
    public const string Final = "5";

    /// <summary>The reason of a job that is deleted because of others.</summary>
    public const string NeverMet = "A job before it in its workflow ended, and its condition cannot be met any more";

    // What was resolved by an earlier outcome of the parent stays.
    private const string IsNew = $"(p.past & (e.met_by | {Final})) = 0";
    private const string IsMet = "(p.outcome & e.met_by) <> 0";
    private const string IsNeverMet = $"(p.outcome & {Final}) <> 0 AND (p.outcome & e.met_by) = 0";

    /// <summary>
    /// <c>given</c> are jobs with their new outcomes. Of these, <c>own</c> are the members that change; <c>ended</c> also has the jobs
    /// after them that can never begin, which are not own; and <c>lowered</c> those that wait for fewer others, or for none.
    /// </summary>
    /// <remarks>Materialised, so that no index of a table is read for the order of the groups.</remarks>
    /// <param name="given">Selects the jobs and outcomes.</param>
    /// <param name="lookUp">Joins a row by its key.</param>
    public static string Changes(string given, Func<string, string, string> lookUp) => $$"""
        WITH RECURSIVE given (job_id, outcome) AS ({{given}}),
        own AS (
            SELECT m.job_id, m.workflow_id, m.outcome AS former, g.outcome, m.open, m.past
            FROM given AS g
            JOIN {s}workflow_member AS m ON {{lookUp("m.job_id", "g.job_id")}}
            WHERE m.outcome <> g.outcome OR m.open > 0),
        ended (job_id, workflow_id, outcome, past, is_own) AS (
            SELECT job_id, workflow_id, outcome, past, 1 FROM own WHERE outcome <> 0
            UNION
            SELECT c.job_id, c.workflow_id, CAST(4 AS bigint), c.past, 0
            FROM ended AS p
            JOIN {s}workflow_edge AS e ON {{lookUp("e.parent", "p.job_id")}}
            JOIN {s}workflow_member AS c ON {{lookUp("c.job_id", "e.child")}}
            WHERE {{IsNew}} AND {{IsNeverMet}} AND c.open > 0 AND c.job_id NOT IN (SELECT g.job_id FROM given AS g)),
        resolved AS MATERIALIZED (
            SELECT e.child
            FROM ended AS p
            JOIN {s}workflow_edge AS e ON {{lookUp("e.parent", "p.job_id")}}
            WHERE {{IsNew}} AND {{IsMet}}),
        met AS MATERIALIZED (
            SELECT r.child, count(*) AS met
            FROM resolved AS r
            WHERE r.child NOT IN (SELECT g.job_id FROM given AS g) AND r.child NOT IN (SELECT gone.job_id FROM ended AS gone)
            GROUP BY r.child),
        lowered AS (
            SELECT m.job_id, m.workflow_id, m.open, n.met
            FROM met AS n
            JOIN {s}workflow_member AS m ON {{lookUp("m.job_id", "n.child")}}
            WHERE m.open > 0)
        """;

    /// <summary>A waiting job begins.</summary>
    public static string Begin(string at, string tab) => $$"""
        version = version + 1,
        state = 'Enqueued',
        state_at = {{at}},
        state_reason = NULL,
        state_data = '0' || {{tab}} || queue,
        locked_until = NULL,
        expire_at = NULL,
        {{JobHistory.TellNothing}}
        """;

    /// <summary>A waiting job is deleted.</summary>
    public static string Drop(string at, string data) => $$"""
        version = version + 1,
        state = 'Deleted',
        state_at = {{at}},
        state_reason = '{{NeverMet}}',
        state_data = {{data}},
        locked_until = NULL,
        expire_at = {{at}} + coalesce(keep_deleted, 86400000000),
        {{JobHistory.TellNothing}}
        """;
}
