using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Threading;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>A transaction of a caller on the database of a storage.</summary>
internal sealed class CallersTransaction(PostgreSqlDatabase database, NpgsqlTransaction transaction) : ICallersTransaction
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public Session Read() => Open();

    public Session Write() => Open();

    // A limit of the session's own stays.
    public void LimitIdleTime()
    {
        using var session = Open();
        session.Execute(
            """
            SELECT set_config('idle_in_transaction_session_timeout', CAST(CAST(@limit AS bigint) AS text), true)
            WHERE current_setting('idle_in_transaction_session_timeout') IN ('0', '0ms')
            """,
            ("@limit", (long)database.LongestIdle.TotalMilliseconds));
    }

    public void Rollback() => transaction.Rollback();

    public string SkipLocked => database.SkipLocked;

    public string AnyOf(string column, string parameter) => database.AnyOf(column, parameter);

    public void Write(WriteSet set)
    {
        try
        {
            using var batch = BatchOf(TakeKeys(set));
            batch.Execute();
            using var told = NotificationsOf(batch);
            told.Execute();
        }
        catch (PostgresException exception) when (ErrorOf(exception, set) is { } error)
        {
            throw error;
        }
    }

    public async Task WriteAsync(WriteSet set, CancellationToken cancellationToken)
    {
        try
        {
            var written = KeyPlan.Of([set]) is null ? set : await Task.Run(() => TakeKeys(set), cancellationToken).ConfigureAwait(false);
            using var batch = BatchOf(written);
            await batch.ExecuteAsync(cancellationToken).ConfigureAwait(false);
            using var told = NotificationsOf(batch);
            await told.ExecuteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (ErrorOf(exception, set) is { } error)
        {
            throw error;
        }
    }

    // A statement that fails would end the transaction, so a key that another transaction takes meanwhile is looked up again.
    private WriteSet TakeKeys(WriteSet set)
    {
        if (KeyPlan.Of([set]) is not { } plan)
            return set;
        using var session = Open();
        if (set.Jobs.Where(static job => job.ReleasesKey).Select(static job => job.Id).ToArray() is { Length: > 0 } released)
            JobKeyTable.ReleaseOf(session, database, released);
        HashSet<KeyTake> own = [];
        try
        {
            do
                Decide(plan, session, own);
            while (!plan.Takes.All(take => own.Contains(take) || TryTake(session, take, own)));
        }
        catch (JobKeyTakenException)
        {
            GiveBack(session, own);
            throw;
        }
        plan.Answer();
        return plan.Sets[0];
    }

    private void Decide(KeyPlan plan, Session session, HashSet<KeyTake> own)
    {
        var jobs = JobKeyTable.Jobs(session, database, plan.Keys);
        foreach (var take in own)
            jobs.Remove(take.Key);
        plan.Decide(Lock(session, () => JobKeyTable.HoldersOf(session, jobs, plan.ReplacingKeys)));
        GiveBack(session, [.. own.Except(plan.Takes)]);
        own.IntersectWith(plan.Takes);
    }

    // What a job that is to be replaced has, is locked: a statement that finds it changed would end the transaction. A writer that has
    // marked its row needs that row, so its end is awaited before.
    private KeyHolders Lock(Session session, Func<KeyHolders> find)
    {
        while (true)
        {
            var holders = find();
            var replaceable = holders.Jobs.Values.Where(static job => !job.HasBegun).OrderBy(static job => job.Row.Id).ToList();
            if (!replaceable.Exists(static job => job.IsLocked) && replaceable.TrueForAll(job => job.TryLock(session)))
                return holders;
            database.Time.Sleep(Pause);
        }
    }

    private void GiveBack(Session session, HashSet<KeyTake> takes)
    {
        if (takes.Count > 0)
        {
            JobKeyTable.GiveBack(
                session, database, [.. takes.Select(static take => take.Key)], [.. takes.Select(static take => take.JobId)]);
        }
    }

    private static bool TryTake(Session session, KeyTake take, HashSet<KeyTake> own) =>
        JobKeyTable.TryTake(session, take.Key, take.JobId, take.ExpireAt) && own.Add(take);

    private PostgreSqlWriteBatch BatchOf(WriteSet set)
    {
        var batch = new PostgreSqlWriteBatch(database, Connection, transaction);
        batch.AddWorkflowLock(WorkflowEnds.Of([set]), longestWait: null);
        batch.AddKeys([set], plan: null);
        batch.AddReplacements([set]);
        batch.Add([set], set.LeaseId ?? 0);
        // Only the database knows when the caller commits.
        batch.AddNotifications(database.NotificationsOf([set], told: null));
        return batch;
    }

    // Which jobs of a workflow it moved is known afterwards.
    private PostgreSqlWriteBatch NotificationsOf(PostgreSqlWriteBatch written)
    {
        var batch = new PostgreSqlWriteBatch(database, Connection, transaction);
        batch.AddNotifications(database.NotificationsOf(written.Released));
        return batch;
    }

    private static Exception? ErrorOf(PostgresException exception, WriteSet set) => exception.SqlState switch
    {
        PostgreSqlWriteBatch.VersionConflict => new WriteConflictException(isClaim: false),
        PostgreSqlWriteBatch.ReplacementConflict => new WriteConflictException(isClaim: false),
        PostgreSqlWriteBatch.ClaimConflict => new WriteConflictException(isClaim: true),
        PostgresErrorCodes.ProgramLimitExceeded => IndexLimit.Error(exception, [set]),
        _ => null,
    };

    /// <returns><see langword="null"/> when the transaction has ended.</returns>
    public static NpgsqlConnection? ConnectionOf(NpgsqlTransaction transaction)
    {
        try
        {
            return transaction.Connection;
        }
        catch (InvalidOperationException)
        {
            // Npgsql reports an ended transaction this way.
            return null;
        }
    }

    private NpgsqlConnection Connection =>
        ConnectionOf(transaction)
            ?? throw new InvalidOperationException(
                "The transaction this storage belongs to has ended. Fix: use the storage only while the transaction is open.");

    private Session Open() => new(database, Connection, transaction, release: null, ownsTransaction: false);
}
