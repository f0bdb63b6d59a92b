namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// The change of a job <c>j</c> by what a transaction wants of it, a row <c>c</c>: one rule for each column, whichever the database is.
/// </summary>
internal static class JobChange
{
    /// <summary>The columns of <c>c</c>.</summary>
    public const string Columns =
        "id, expected, mark, changes, state, state_at, reason, data, expiry, expire_at, keeps, parameters, replaces, history";

    /// <summary>The beginning by a claim <c>c</c>, whose row has the time, the text of the state, and the delivery that ends it.</summary>
    public const string Beginning = """
        version = j.version + 1,
        state = 'Processing',
        state_at = c.at,
        state_reason = NULL,
        state_data = NULL,
        started_at = c.at,
        started = c.head || c.delivery,
        locked_until = NULL,
        expire_at = NULL
        """;

    /// <summary>The return to its queue, with the entry of the attempt in the history.</summary>
    public const string Return = $"""
        version = version + 1,
        state = 'Enqueued',
        state_at = @at,
        state_reason = @reason,
        state_data = @data,
        locked_until = NULL,
        {JobHistory.TellNothing}
        """;

    /// <summary>
    /// The state Enqueued from before a claim, which the row of the job <c>j</c> tells, or which is the newest in the table.
    /// </summary>
    public static readonly string Restoration = $"""
        version = version + 1,
        state = 'Enqueued',
        state_at = CASE WHEN enqueued_at IS NULL THEN coalesce({LastEnqueued("created_at")}, @at) ELSE enqueued_at END,
        state_reason = CASE WHEN enqueued_at IS NULL THEN {LastEnqueued("reason")} END,
        state_data = CASE WHEN enqueued_at IS NULL THEN coalesce({LastEnqueued("data")}, @data) END,
        locked_until = NULL,
        started_at = NULL,
        started = NULL
        """;

    /// <summary>What follows SET, up to the parameters of both, which are merged by each database in its way, and END.</summary>
    /// <remarks>
    /// A failed job, and one that another process than its worker ends, is kept as its app configured, unless the transaction sets the
    /// expiry. History is a HistoryChange: 1 told by the row, 2 recorded, 3 noted.
    /// </remarks>
    public const string Assignments = $"""
        version = j.version + c.changes,
        state = coalesce(c.state, j.state),
        state_at = coalesce(c.state_at, j.state_at),
        state_reason = CASE WHEN c.state IS NULL THEN j.state_reason ELSE c.reason END,
        state_data = CASE
            WHEN c.state = 'Processing' AND c.history = 1 THEN NULL
            WHEN c.history = 3 AND j.state = 'Enqueued' THEN coalesce(j.state_data, j.enqueued)
            ELSE coalesce(c.data, j.state_data) END,
        failure = CASE
            WHEN c.state IS NULL THEN j.failure
            WHEN c.data LIKE '{StateText.FingerprintHead}%' THEN substr(c.data, {StateText.FingerprintPlace}) END,
        enqueued_at = CASE WHEN c.history < 2 THEN j.enqueued_at END,
        enqueued = CASE WHEN c.history < 2 THEN j.enqueued END,
        started_at = CASE
            WHEN c.state = 'Processing' AND c.history = 1 THEN c.state_at
            WHEN c.history < 2 OR (c.history = 3 AND j.state = 'Processing') THEN j.started_at END,
        started = CASE
            WHEN c.state = 'Processing' AND c.history = 1 THEN c.data
            WHEN c.history < 2 OR (c.history = 3 AND j.state = 'Processing') THEN j.started END,
        locked_until = CASE WHEN c.state IS NULL THEN j.locked_until END,
        expire_at = CASE
            WHEN c.expiry = 1 AND c.keeps AND c.state = 'Deleted' AND j.keep_deleted IS NOT NULL THEN c.state_at + j.keep_deleted
            WHEN c.expiry = 1 AND c.keeps AND c.state = 'Succeeded' AND j.keep_succeeded IS NOT NULL THEN c.state_at + j.keep_succeeded
            WHEN c.expiry = 1 THEN c.expire_at
            WHEN c.state = 'Failed' AND j.keep_failed IS NOT NULL THEN c.state_at + j.keep_failed
            WHEN c.expiry = 0 THEN j.expire_at END,
        parameters = CASE WHEN c.parameters IS NULL THEN j.parameters WHEN c.replaces THEN c.parameters ELSE
        """;

    /// <summary>The condition that the job is what the transaction expects.</summary>
    public const string Expected = "(c.expected IS NULL OR j.version = c.expected) AND (c.mark IS NULL OR j.locked_until = c.mark)";

    private static string LastEnqueued(string column) =>
        $"(SELECT s.{column} FROM {{s}}state AS s WHERE s.job_id = j.id AND s.name = 'Enqueued' ORDER BY s.id DESC LIMIT 1)";
}
