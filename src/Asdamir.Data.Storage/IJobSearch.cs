namespace Asdamir.Data.Storage;

/// <summary>
/// Finds runs by what operators ask for, which Hangfire's monitoring cannot. Implemented by <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/>; every question is answered from an index, however many jobs there are.
/// </summary>
public interface IJobSearch
{
    /// <summary>Lists jobs, those that entered their state last first.</summary>
    /// <param name="query">Which jobs, and which page.</param>
    /// <exception cref="ArgumentException">The size or the cursor of the query is invalid.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    JobPage Find(JobQuery query);

    /// <summary>Counts jobs, up to a limit. Paging does not matter.</summary>
    /// <param name="query">Which jobs.</param>
    /// <param name="limit">Where counting ends, 1 to 1,000,000.</param>
    /// <returns>The number of jobs; <paramref name="limit"/> stands for that many or more.</returns>
    /// <exception cref="ArgumentException">The limit is invalid.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    long Count(JobQuery query, int limit);

    /// <summary>Shows the queues that hold jobs, by name.</summary>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<QueueDepth> Queues();

    /// <summary>Counts failed jobs by job, those with the most failures first. Looks at the 20,000 newest failures at most.</summary>
    /// <param name="queue">Only runs of this queue; <see langword="null"/> for all.</param>
    /// <param name="from">The earliest time at which a job failed, UTC.</param>
    /// <param name="size">The most jobs, 1 to 100.</param>
    /// <exception cref="ArgumentException">The size is invalid.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<JobFailures> TopFailures(string? queue, DateTime from, int size);

    /// <summary>Reads many counters at once.</summary>
    /// <param name="keys">The counters.</param>
    /// <returns>Those that exist, with their values.</returns>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyDictionary<string, long> Counters(IReadOnlyCollection<string> keys);
}
