namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// Puts claimed rows back into their queues, and their jobs from Processing back into the state Enqueued. A job stays as it is when
/// another writer has it locked, or when another claim executes it.
/// </summary>
internal sealed class ClaimReturns(SqlDatabase database, Session session, EnqueuedData enqueued)
{
    /// <summary>The reason of the state of a job whose process has died. The next delivery is recognised by it.</summary>
    public const string Lost = "Its process ended before the job did";

    private const string GivenBack = "Its server gave it back before it ended";

    private const string IsOrphan =
        "q.claimed_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {s}lease AS l WHERE l.id = q.claimed_by)";

    /// <summary>
    /// Returns the claims of leases that do not exist, including those made at the moment a lease ended. One that a transaction which is
    /// still open ends is left to that transaction, and to the next call.
    /// </summary>
    /// <param name="isLost">Whether their processes have died.</param>
    /// <returns>The queue of each.</returns>
    public List<string> ReturnOrphans(bool isLost)
    {
        var rows = session.Query(
            """
            UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL
            WHERE id IN (
                SELECT q.id FROM {s}queue AS q
                WHERE
            """ + " " + IsOrphan + database.SkipLocked + ") RETURNING queue, job_id",
            static row => new Returned(row.GetString(0), row.GetInt64(1)));
        End(rows, isLost ? Lost : GivenBack);
        return rows.ConvertAll(static row => row.Queue);
    }

    /// <summary>Whether claims of leases that do not exist are left to another call.</summary>
    public static bool LeavesOrphans(Session session) =>
        session.Number("SELECT 1 FROM {s}queue AS q WHERE " + IsOrphan + " LIMIT 1") is not null;

    /// <summary>Returns claims of one lease that it still has.</summary>
    /// <param name="hasStarted">Whether their jobs were started; otherwise their state is the one from before the claim.</param>
    /// <returns>The queue of each.</returns>
    public List<string> Return(long leaseId, IEnumerable<ClaimToken> claims, bool hasStarted)
    {
        List<Returned> rows = [];
        foreach (var claim in claims.OrderBy(static claim => claim.Id))
        {
            rows.AddRange(session.Query(
                """
                UPDATE {s}queue SET claimed_by = NULL, claimed_at = NULL
                WHERE id = @id AND deliveries = @delivery AND claimed_at = @at AND claimed_by = @lease
                RETURNING queue, job_id
                """,
                static row => new Returned(row.GetString(0), row.GetInt64(1)),
                ("@id", claim.Id), ("@delivery", claim.Delivery), ("@at", claim.At), ("@lease", leaseId)));
        }
        if (hasStarted)
            End(rows, GivenBack);
        else
            Restore(rows);
        return rows.ConvertAll(static row => row.Queue);
    }

    /// <summary>
    /// Removes the row of a claim that a lease still has. When its job waits by no other row, the row goes back into its queue instead.
    /// </summary>
    /// <returns>The queue of a row that went back.</returns>
    public List<string> RemoveOrReturn(long leaseId, ClaimToken claim)
    {
        session.Execute(
            """
            DELETE FROM {s}queue
            WHERE id = @id AND deliveries = @delivery AND claimed_at = @at AND claimed_by = @lease
                AND (NOT EXISTS (SELECT 1 FROM {s}job AS j WHERE j.id = {s}queue.job_id AND j.state = 'Enqueued')
                    OR EXISTS (SELECT 1 FROM {s}queue AS o WHERE o.job_id = {s}queue.job_id AND o.id <> {s}queue.id))
            """,
            ("@id", claim.Id), ("@delivery", claim.Delivery), ("@at", claim.At), ("@lease", leaseId));
        return Return(leaseId, [claim], hasStarted: false);
    }

    // The entry of the attempt, and the one of the state after it.
    private void End(List<Returned> rows, string reason)
    {
        foreach (var (queue, ids) in Processing(rows))
        {
            session.Execute($"{JobHistory.Record} {database.AnyOf("t.job_id", "@ids")} {JobHistory.InOrder}", ("@ids", ids));
            var at = Micros.Now(database.Time);
            session.Execute(
                $$"""
                UPDATE {s}job
                SET {{JobChange.Return}}
                WHERE
                """ + " " + database.AnyOf("id", "@ids"),
                ("@at", at), ("@reason", reason), ("@data", DataOf(queue, at)), ("@ids", ids));
            session.Execute(
                $$"""
                INSERT INTO {s}state (job_id, name, reason, created_at, data)
                SELECT j.id, {{CurrentState.Columns}} FROM {s}job AS j WHERE
                """ + " " + database.AnyOf("j.id", "@ids") + " ORDER BY j.id",
                ("@ids", ids));
        }
    }

    // The row tells the state from before the claim, or it is the newest entry in the table.
    private void Restore(List<Returned> rows)
    {
        foreach (var (queue, ids) in Processing(rows))
        {
            var at = Micros.Now(database.Time);
            session.Execute(
                $$"""
                UPDATE {s}job AS j
                SET {{JobChange.Restoration}}
                WHERE
                """ + " " + database.AnyOf("id", "@ids"),
                ("@at", at), ("@data", DataOf(queue, at)), ("@ids", ids));
        }
    }

    // Each job once, also one that was claimed twice.
    private IEnumerable<(string Queue, long[] Ids)> Processing(List<Returned> rows)
    {
        if (rows.Count == 0)
            return [];
        var processing = session.Query(
            $$"""
            SELECT j.id FROM {s}job AS j
            WHERE {{database.AnyOf("j.id", "@ids")}}
                AND j.state = 'Processing'
                AND (j.locked_until IS NULL OR j.locked_until NOT BETWEEN {now} AND {now} + {{RowLockTimes.Longest}})
                AND NOT EXISTS (SELECT 1 FROM {s}queue AS q WHERE q.claimed_by IS NOT NULL AND q.job_id = j.id)
            """ + database.SkipLocked,
            static row => row.GetInt64(0),
            ("@ids", rows.Select(static row => row.JobId).ToArray())).ToHashSet();
        return rows
            .Where(row => processing.Contains(row.JobId))
            .DistinctBy(static row => row.JobId)
            .GroupBy(static row => row.Queue, static row => row.JobId)
            .Select(static queue => (queue.Key, queue.ToArray()));
    }

    private string DataOf(string queue, long at) => StateText.Write(JobStates.Enqueued, at, enqueued(queue));

    private sealed record Returned(string Queue, long JobId);
}
