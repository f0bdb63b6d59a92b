using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Hangfire;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>A storage inside a caller's transaction: its writes become visible when that commits, or never.</summary>
internal sealed class TransactionalStorage(
    PostgreSqlJobStorage storage, OpenStorage open, PostgreSqlDatabase database, NpgsqlTransaction transaction)
    : JobStorage, IBatchingJobStorage, ISessions, IWriter
{
    public override bool LinearizableReads => true;

    public override IStorageConnection GetConnection() => new StorageConnection(open, this, this);

    public async Task<JobBatch> CreateBatchAsync(int jobs, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(jobs);
        cancellationToken.ThrowIfCancellationRequested();
        var ids = await open.Engine.Ids.NextAsync(jobs, cancellationToken).ConfigureAwait(false);
        return new JobBatch(this, open, this, this, ids, WriteAsync);
    }

    /// <summary>Opens a connection that owns the claim of a job.</summary>
    /// <exception cref="InvalidOperationException">The job was moved away; the transaction has ended without a commit.</exception>
    public JobStorageConnection Open(WorkerClaim claim)
    {
        try
        {
            var guard = new WriteSet();
            claim.Require(guard);
            ((IWriter)this).Write(guard);
            LimitIdleTime();
            var connection = new StorageConnection(open, this, this);
            connection.Own(claim.Elsewhere());
            return connection;
        }
        catch (Exception exception) when (exception is WriteConflictException or LeaseLostException)
        {
            claim.MarkLost();
            // Should the caller commit nevertheless, nothing may remain.
            transaction.Rollback();
            throw;
        }
    }

    // The row of the job is locked now: a process that is suspended must not keep it. A limit of the session's own stays.
    private void LimitIdleTime()
    {
        using var session = Open();
        session.Execute(
            """
            SELECT set_config('idle_in_transaction_session_timeout', CAST(CAST(@limit AS bigint) AS text), true)
            WHERE current_setting('idle_in_transaction_session_timeout') IN ('0', '0ms')
            """,
            ("@limit", (long)database.LongestIdle.TotalMilliseconds));
    }

    public override IMonitoringApi GetMonitoringApi() => storage.GetMonitoringApi();

    public override bool HasFeature(string featureId) => storage.HasFeature(featureId);

    public override string ToString() => $"{storage}, in a transaction";

    public Session Read() => Open();

    public Session Write() => Open();

    public string AnyOf(string column, string parameter) => database.AnyOf(column, parameter);

    void IWriter.Write(WriteSet set)
    {
        try
        {
            using var batch = BatchOf(set);
            batch.Execute();
        }
        catch (PostgresException exception) when (ErrorOf(exception, set) is { } error)
        {
            throw error;
        }
    }

    private async Task WriteAsync(WriteSet set, CancellationToken cancellationToken)
    {
        try
        {
            using var batch = BatchOf(set);
            await batch.ExecuteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (ErrorOf(exception, set) is { } error)
        {
            throw error;
        }
    }

    private PostgreSqlWriteBatch BatchOf(WriteSet set)
    {
        var batch = new PostgreSqlWriteBatch(database, Connection, transaction);
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
