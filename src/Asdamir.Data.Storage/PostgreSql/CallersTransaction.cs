using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>A transaction of a caller on the database of a storage.</summary>
internal sealed class CallersTransaction(PostgreSqlDatabase database, NpgsqlTransaction transaction) : ICallersTransaction
{
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
        HashSet<string> own = new(StringComparer.Ordinal);
        bool HasTaken(KeyTake take) =>
            own.Contains(take.Key)
                || (JobKeyTable.TryTake(session, take.Key, take.JobId, take.ExpireAt) && own.Add(take.Key));
        try
        {
            do
                plan.Decide(JobKeyTable.Holders(session, database, plan.Keys));
            while (!plan.Takes.All(HasTaken));
        }
        catch (JobKeyTakenException)
        {
            JobKeyTable.GiveBack(session, database, [.. own], [.. set.Jobs.Select(static job => job.Id)]);
            throw;
        }
        if (plan.Lost.Count > 0 && own.Count > 0)
            JobKeyTable.GiveBack(session, database, [.. own], [.. plan.Lost]);
        plan.Answer();
        return plan.Sets[0];
    }

    private PostgreSqlWriteBatch BatchOf(WriteSet set)
    {
        var batch = new PostgreSqlWriteBatch(database, Connection, transaction);
        batch.AddKeys([set], plan: null);
        batch.Add([set], set.LeaseId ?? 0);
        // Only the database knows when the caller commits.
        batch.AddNotifications(database.NotificationsOf([set], told: null));
        return batch;
    }

    private static Exception? ErrorOf(PostgresException exception, WriteSet set) => exception.SqlState switch
    {
        PostgreSqlWriteBatch.VersionConflict => new WriteConflictException(isClaim: false),
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
