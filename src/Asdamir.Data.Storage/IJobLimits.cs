namespace Asdamir.Data.Storage;

/// <summary>
/// The limits of queues: how many jobs are executed at the same time, over all processes. What runs is counted from the claims, so
/// nothing has to be released when a process dies. Implemented by <see cref="SqliteJobStorage"/> and <see cref="PostgreSqlJobStorage"/>.
/// </summary>
public interface IJobLimits
{
    /// <summary>How far <see cref="JobLimitStatus.Waiting"/> counts the jobs with the same limits and keys: that many, or more.</summary>
    public const int MostCounted = 10_000;

    /// <summary>
    /// Sets what an app declares. A value that an operator has set stays in force. A limit that is not declared any more stays, as jobs may
    /// wait for it.
    /// </summary>
    /// <param name="queue">The queue of the app.</param>
    /// <param name="rules">Its limits, each name once.</param>
    /// <exception cref="ArgumentException">A rule is invalid, or a name occurs twice.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    void DeclareLimits(string queue, IReadOnlyCollection<JobLimitRule> rules);

    /// <summary>Sets a value for a limit, or gives it back to the app. It holds for what begins from then on.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="name">The name of the limit.</param>
    /// <param name="maxRunning">
    /// From 0, when none may begin, to <see cref="JobLimits.MaxRunning"/>; <see langword="null"/> for what the app has declared.
    /// </param>
    /// <param name="by">Who sets it.</param>
    /// <param name="reason">Why; <see langword="null"/> when no reason is given.</param>
    /// <returns>Whether there is such a limit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    bool ChangeLimit(string queue, string name, int? maxRunning, string by, string? reason);

    /// <summary>Lists the limits by queue and name.</summary>
    /// <param name="queue">Of this queue; <see langword="null"/> for all queues.</param>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<JobLimitStatus> Limits(string? queue = null);
}
