using System.Data.Common;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// The states that a job has had. Those of an attempt that goes well are in its row: Enqueued since it was created, Processing, and what
/// follows. Anything else writes the entries that the row tells into the table of states, and its own after them.
/// </summary>
internal static class JobHistory
{
    /// <summary>Writes the entries that the row tells into the table; a condition on <c>t</c> and <see cref="InOrder"/> follow.</summary>
    public const string Record = """
        INSERT INTO {s}state (job_id, name, reason, created_at, data)
        SELECT t.job_id, t.name, t.reason, coalesce(t.created_at, 0), coalesce(t.data, '')
        FROM {s}told_entry AS t
        WHERE
        """ + " ";

    public const string InOrder = " ORDER BY t.job_id, t.place";

    /// <summary>Leaves out an attempt that has not ended.</summary>
    public const string IsOver = "NOT (t.name = 'Processing' AND t.state = 'Processing')";

    /// <summary>What a row that tells nothing has in these columns.</summary>
    public const string TellNothing = "enqueued_at = NULL, enqueued = NULL, started_at = NULL, started = NULL";

    private const string Select = """
        SELECT s.name, s.reason, s.created_at, s.data, 0 AS told, s.id AS place FROM {s}state AS s WHERE s.job_id = @id
        UNION ALL
        SELECT t.name, t.reason, t.created_at, t.data, 1, t.place FROM {s}told_entry AS t WHERE t.job_id = @id
        ORDER BY told DESC, place DESC
        """;

    /// <returns>The newest first.</returns>
    public static List<CurrentState> Read(Session session, long jobId) => session.Query(Select, ReadEntry, ("@id", jobId));

    private static CurrentState ReadEntry(DbDataReader row) =>
        new(row.TextOrNull(0), row.TextOrNull(1), row.NumberOrNull(2), row.TextOrNull(3));
}
