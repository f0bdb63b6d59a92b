using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A storage inside a caller's transaction: its writes become visible when that commits, or never.</summary>
internal sealed class TransactionalStorage(JobStorage storage, OpenStorage open, ICallersTransaction transaction)
    : JobStorage, IBatchingJobStorage
{
    public override bool LinearizableReads => true;

    public override IStorageConnection GetConnection() => new StorageConnection(open, transaction, transaction);

    public async Task<JobBatch> CreateBatchAsync(int jobs, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(jobs);
        cancellationToken.ThrowIfCancellationRequested();
        var ids = await open.Engine.Ids.NextAsync(jobs, cancellationToken).ConfigureAwait(false);
        return new JobBatch(this, open, transaction, transaction, ids, transaction.WriteAsync);
    }

    /// <summary>Opens a connection that owns the claim of a job.</summary>
    /// <exception cref="InvalidOperationException">The job was moved away; the transaction has ended without a commit.</exception>
    public JobStorageConnection Open(WorkerClaim claim)
    {
        try
        {
            var guard = new WriteSet();
            claim.Require(guard);
            transaction.Write(guard);
            // The row of the job is locked now: a process that is suspended must not keep it.
            transaction.LimitIdleTime();
            var connection = new StorageConnection(open, transaction, transaction);
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

    public override IMonitoringApi GetMonitoringApi() => storage.GetMonitoringApi();

    public override bool HasFeature(string featureId) => storage.HasFeature(featureId);

    public override string ToString() => $"{storage}, in a transaction";
}
