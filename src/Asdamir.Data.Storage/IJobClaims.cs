namespace Asdamir.Data.Storage;

/// <summary>Claims the jobs of some queues for a server that starts each of them at once.</summary>
public interface IJobClaims : IDisposable
{
    /// <summary>
    /// Waits until there are jobs, and claims no more than are asked for. No thread is held while it waits. An outage of the database
    /// is waited out.
    /// </summary>
    /// <param name="count">How many jobs the caller can start now, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait. A claim that is on its way then is given back.</param>
    /// <returns>At least one job. The caller owns them, and disposes each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing stays claimed.</exception>
    /// <exception cref="ObjectDisposedException">The claims or the storage were disposed; nothing stays claimed.</exception>
    Task<IReadOnlyList<IClaimedJob>> ClaimAsync(int count, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds jobs that were taken from their claims, where <see cref="IClaimedJob.Revoked"/> may have missed that. It reads many
    /// jobs at once.
    /// </summary>
    /// <param name="jobs">Jobs that are executed.</param>
    /// <returns>Those that are not in the state Processing by their claim any more.</returns>
    /// <exception cref="JobStorageUnavailableException">The database is unreachable.</exception>
    IReadOnlyList<IClaimedJob> FindMoved(IReadOnlyCollection<IClaimedJob> jobs);
}
