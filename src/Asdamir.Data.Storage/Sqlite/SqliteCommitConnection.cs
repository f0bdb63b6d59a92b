using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Commits groups of write sets, with one prepared statement a row, in one transaction on the connection that writes.</summary>
internal sealed class SqliteCommitConnection(SqliteDatabase database, SqliteClaimSource source, long leaseId) : ICommitConnection
{
    // Other processes look every few milliseconds, unless they are suspended.
    private static readonly long RevocationsKept = Micros.Of(TimeSpan.FromMinutes(1));

    public long LeaseId => leaseId;

    // The one who writes waits for its turn, and never for a row.
    public IReadOnlyList<ClaimedJob>? Commit(IReadOnlyList<WriteSet> sets, ClaimRequest? claim = null, bool isPatient = true)
    {
        try
        {
            var plan = KeyPlan.Of(sets);
            IReadOnlyCollection<string> released = [];
            var claims = database.WithTurn(statements =>
            {
                statements.Execute("BEGIN IMMEDIATE");
                try
                {
                    if (!statements.Exists(SqliteWriteSql.Lease, leaseId))
                        throw new LeaseLostException();
                    TakeKeys(statements, sets, plan);
                    released = Write(statements, plan?.Sets ?? sets);
                    var claims = claim is null ? [] : Claim(statements, claim);
                    statements.Execute("COMMIT");
                    return claims;
                }
                catch
                {
                    RollBack(statements);
                    throw;
                }
            });
            plan?.Answer();
            sets[0].Released.AddRange(released);
            WriteSet.Claimed(sets, claim, new ClaimAnswer(claims, MayHaveMore: false));
            return claims;
        }
        catch (SqliteException exception) when (database.IsUnavailable(exception))
        {
            throw Unavailable.Error(database, exception, mayBeCommitted: false);
        }
    }

    public void Dispose()
    {
    }

    private IReadOnlyList<ClaimedJob> Claim(SqliteStatements statements, ClaimRequest claim)
    {
        using var session = new Session(database, statements.Connection, transaction: null, release: null);
        return source.Claim(session, claim, leaseId);
    }

    // There is one writer at a time: what is free now is free until the commit.
    private void TakeKeys(SqliteStatements statements, IReadOnlyList<WriteSet> sets, KeyPlan? plan)
    {
        foreach (var job in sets.SelectMany(static set => set.Jobs).Where(static job => job.ReleasesKey))
            statements.Execute(SqliteWriteSql.ReleaseKey, job.Id);
        if (plan is null)
            return;
        var now = Micros.Now(database.Time);
        Dictionary<string, long> holders = new(StringComparer.Ordinal);
        foreach (var key in plan.Keys)
        {
            if (statements.Number(SqliteWriteSql.HolderOfKey, key, now) is { } holder)
                holders.Add(key, holder);
        }
        using (var session = new Session(database, statements.Connection, transaction: null, release: null))
            plan.Decide(JobKeyTable.HoldersOf(session, holders, plan.ReplacingKeys));
        foreach (var take in plan.Takes)
            statements.Execute(SqliteWriteSql.TakeKey, take.Key, take.JobId, take.ExpireAt);
    }

    /// <returns>The queues to which jobs of workflows were moved.</returns>
    private IReadOnlyCollection<string> Write(SqliteStatements statements, IReadOnlyList<WriteSet> sets)
    {
        foreach (var row in NewJobRow.Of(sets.SelectMany(static set => set.Jobs), sets, database.Retention))
        {
            statements.Execute(
                SqliteWriteSql.Create,
                [
                    .. JobColumns.Numbers.Select(column => (object?)column.Value(row)),
                    .. JobColumns.Texts.Select(column => column.Value(row)),
                ]);
        }
        foreach (var set in sets)
        {
            foreach (var replacement in set.Replacements)
                Replace(statements, replacement, set);
            foreach (var job in set.Jobs)
                Write(statements, job);
            foreach (var (queue, jobId) in set.Enqueued)
            {
                statements.Execute(
                    set.IsKnownToWaitInOrder(jobId) ? SqliteWriteSql.Enqueue : SqliteWriteSql.EnqueueByRow,
                    queue, jobId, Micros.Now(database.Time));
            }
            foreach (var claim in set.Completed)
            {
                if (statements.Execute(SqliteWriteSql.Complete, claim.Id, claim.Delivery, claim.At, leaseId) == 0)
                    throw new WriteConflictException(isClaim: true);
            }
            foreach (var claim in set.MustStillHold)
            {
                if (!statements.Exists(SqliteWriteSql.MustStillHold, claim.Id, claim.Delivery, claim.At, leaseId))
                    throw new WriteConflictException(isClaim: true);
            }
            foreach (var (jobId, workerId) in set.MustStillExecute)
            {
                if (!statements.Exists(SqliteWriteSql.MustStillExecute, jobId, workerId))
                    throw new WriteConflictException(isClaim: true);
            }
            foreach (var write in set.Data)
                Write(statements, write);
            foreach (var ((jobId, name), value) in set.Notes)
                statements.Execute(SqliteWriteSql.Note, jobId, name, value);
            foreach (var revocation in set.Revocations)
                statements.Execute(SqliteWriteSql.Revoke, revocation.JobId, revocation.Version, Micros.Now(database.Time));
        }
        if (sets.Any(static set => set.Revocations.Any()))
            statements.Execute(SqliteWriteSql.ForgetRevocations, Micros.Now(database.Time) - RevocationsKept);
        foreach (var (key, (delta, expireAt)) in WriteSet.SumCounters(sets))
            statements.Execute(SqliteWriteSql.Count, key, delta, expireAt);
        return WriteWorkflows(statements, sets);
    }

    private IReadOnlyCollection<string> WriteWorkflows(SqliteStatements statements, IReadOnlyList<WriteSet> sets)
    {
        var workflows = new SqliteWorkflows(database, statements);
        foreach (var workflow in sets.SelectMany(static set => set.Workflows))
            workflows.Add(workflow);
        return WorkflowEnds.Of(sets) is { } ends ? workflows.Move(ends) : [];
    }

    private static void Replace(SqliteStatements statements, JobReplacement replacement, WriteSet set)
    {
        statements.Execute(SqliteWriteSql.Replace, replacement.JobId, StorableText.OrNull(replacement.Arguments));
        if (replacement.Held!.Place is { } place && !set.KeptPlaces.Exists(kept => kept.Id == place))
            statements.Execute(SqliteWriteSql.LeavePlace, place);
        if (replacement.Held.Delayed is { } delayed)
            statements.Execute(SqliteWriteSql.SetRemove, DueSets.Delayed, delayed);
    }

    private static void Write(SqliteStatements statements, JobWrite job)
    {
        if (job.RecordsFormer)
            statements.Execute(SqliteWriteSql.Record, job.Id, job.LeavesAttemptOut);
        if (job.New is null
            && job.ChangesRow
            && statements.Execute(
                SqliteWriteSql.Change,
                job.Id, job.ExpectedVersion, job.ExpectedLock, job.Changes, job.State?.Name, job.State?.At, job.State?.Reason,
                job.State?.Data, (int)job.Expiry, job.ExpireAt, job.KeepsOwnRetention,
                job.Parameters is { } parameters ? Json.Write(parameters) : null, job.ReplacesParameters, (int)job.HistoryChange) == 0
            && job.IsChecked)
        {
            throw new WriteConflictException(isClaim: false);
        }
        foreach (var state in job.Entries)
            statements.Execute(SqliteWriteSql.History, job.Id, state.Name, state.Reason, state.At, state.Data);
    }

    private void Write(SqliteStatements statements, DataWrite write)
    {
        switch (write.Change)
        {
            case DataChange.SetAdd:
                statements.Execute(SqliteWriteSql.SetAdd, write.Key, write.Member, write.Score);
                break;
            case DataChange.SetRemove:
                statements.Execute(SqliteWriteSql.SetRemove, write.Key, write.Member);
                break;
            case DataChange.HashPut:
                statements.Execute(SqliteWriteSql.HashPut, write.Key, write.Member, write.Value);
                break;
            default:
                var (sql, values) = KeyStatement.Of(write);
                statements.Execute(database.Sql(sql), values);
                break;
        }
    }

    private static void RollBack(SqliteStatements statements)
    {
        try
        {
            statements.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back.
        }
    }
}
