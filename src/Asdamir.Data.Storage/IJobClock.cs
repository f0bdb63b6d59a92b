namespace Asdamir.Data.Storage;

/// <summary>
/// A storage that knows when its next jobs are due, so that a server can wait for that moment instead of polling. One process of a schema
/// at a time acts at once; the others act when it does not. Implemented by <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/>.
/// </summary>
public interface IJobClock
{
    /// <summary>
    /// Waits until jobs are due that this process should start. A job that is created meanwhile, in any process, ends the wait when it is
    /// due. While the database cannot be reached, it waits, too. Call it again after the jobs were started.
    /// </summary>
    /// <param name="jobs">Which jobs.</param>
    /// <param name="cancellationToken">Ends the wait, and leaves the jobs to another process.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    void WaitUntilDue(DueJobs jobs, CancellationToken cancellationToken);

    /// <summary>
    /// Adds the delayed jobs that are due to the queues that they were created for. Plain Hangfire jobs without such a queue stay, as
    /// Hangfire's filters choose their queue.
    /// </summary>
    /// <returns>How many jobs were added.</returns>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    int EnqueueDelayedJobs();
}
