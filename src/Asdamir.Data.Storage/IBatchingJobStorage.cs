namespace Asdamir.Data.Storage;

/// <summary>
/// A storage that commits without holding a thread. Hangfire's own interfaces block until the commit is durable; with a batch, the
/// commit is awaited. Implemented by <see cref="SqliteJobStorage"/>, <see cref="PostgreSqlJobStorage"/> and by what
/// <see cref="PostgreSqlJobStorage.InTransaction(Npgsql.NpgsqlTransaction)"/> returns.
/// </summary>
public interface IBatchingJobStorage
{
    /// <summary>Begins a batch.</summary>
    /// <param name="jobs">How many jobs will be created in it, 0 or more: their ids are reserved here, without holding a thread. More jobs
    /// are possible, and may block.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached. Nothing was written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<JobBatch> CreateBatchAsync(int jobs, CancellationToken cancellationToken = default);
}
