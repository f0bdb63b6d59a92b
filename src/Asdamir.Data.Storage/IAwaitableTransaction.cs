namespace Asdamir.Data.Storage;

/// <summary>
/// A write transaction that can be committed without holding a thread. All transactions of <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/> implement it.
/// </summary>
public interface IAwaitableTransaction
{
    /// <summary>
    /// Commits. Where the connection has created a job that has no state yet, it blocks until that is written, too.
    /// </summary>
    /// <returns>Completes when all is durable.</returns>
    /// <exception cref="JobStorageUnavailableException">
    /// The database cannot be reached; <see cref="JobStorageUnavailableException.MayBeCommitted"/> says whether anything may be written.
    /// </exception>
    Task CommitAsync();
}
