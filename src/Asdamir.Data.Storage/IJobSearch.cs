namespace Asdamir.Data.Storage;

/// <summary>
/// Finds jobs, queues and servers by criteria that Hangfire's monitoring API lacks. Implemented by <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/>; every query uses an index, whatever the number of jobs.
/// </summary>
public interface IJobSearch
{
    /// <summary>Lists jobs, by default with the latest state change first.</summary>
    /// <param name="query">The criteria and the page.</param>
    /// <exception cref="ArgumentException">The size or the cursor of the query is invalid.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    JobPage Find(JobQuery query);

    /// <summary>Counts jobs up to a limit; ignores paging.</summary>
    /// <param name="query">The criteria.</param>
    /// <param name="limit">The highest count, 1 to 1,000,000.</param>
    /// <returns>The number of jobs; <paramref name="limit"/> means that many or more.</returns>
    /// <exception cref="ArgumentException">The limit is invalid.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    long Count(JobQuery query, int limit);

    /// <summary>Lists the queues that contain jobs, by name.</summary>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<QueueDepth> Queues();

    /// <summary>Lists the running servers, and those that ended within the last 24 hours, by id. Of servers that ended, the newest 1,000
    /// are kept, and the newest 100 of those with the same queues and workers.</summary>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<ServerRecord> Servers();

    /// <summary>Counts failed jobs by job type, the type with the most failures first. Reads at most the 20,000 newest failures.</summary>
    /// <param name="queue">Only jobs of this queue; <see langword="null"/> for all.</param>
    /// <param name="from">The earliest time at which a job failed (UTC).</param>
    /// <param name="size">The maximum number of job types, 1 to 100.</param>
    /// <exception cref="ArgumentException">The size is invalid.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<JobFailures> TopFailures(string? queue, DateTimeOffset from, int size);

    /// <summary>
    /// Counts failed jobs by job type, queue and kind of error, the most frequent kind first. Reads at most the 20,000 newest failures.
    /// </summary>
    /// <param name="queue">Only jobs of this queue; <see langword="null"/> for all.</param>
    /// <param name="from">The earliest time at which a job failed (UTC).</param>
    /// <param name="size">The maximum number of groups, 1 to 100.</param>
    /// <exception cref="ArgumentException">The size is invalid.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    JobFailureGroups FailureGroups(string? queue, DateTimeOffset from, int size);

    /// <summary>Lists the recurring jobs of the schema, by id, with two statements whatever their number.</summary>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<RecurringJobItem> RecurringJobs();

    /// <summary>Reads many counters at once.</summary>
    /// <param name="keys">The keys of the counters.</param>
    /// <returns>The existing counters with their values.</returns>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyDictionary<string, long> Counters(IReadOnlyCollection<string> keys);
}
