namespace Asdamir.Data.Storage;

/// <summary>
/// The limits of queues: how many jobs are executed at the same time, and how many begin in a window, over all processes. What runs is
/// counted from the claims, so nothing has to be released when a process dies. Implemented by <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/>.
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

    /// <summary>Sets values for a limit, or gives it back to the app. They hold for what begins from then on.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="name">The name of the limit.</param>
    /// <param name="maxRunning">
    /// From 0, when none may begin, to <see cref="JobLimits.MaxRunning"/>; <see langword="null"/> to leave the number as it is. Without a
    /// number and without a rate, all that the app has declared is in force again.
    /// </param>
    /// <param name="by">Who sets it.</param>
    /// <param name="reason">Why; <see langword="null"/> when no reason is given.</param>
    /// <param name="rate">
    /// How many may begin in a window; <see langword="null"/> (the default) to leave the rate as it is. Of what has begun, that which is
    /// still known counts: what began while the limit had no rate does not, nor does what is older than the former window.
    /// </param>
    /// <returns>Whether there is such a limit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    bool ChangeLimit(string queue, string name, int? maxRunning, string by, string? reason, JobRate? rate = null);

    /// <summary>Lists the limits by queue and name.</summary>
    /// <param name="queue">Of this queue; <see langword="null"/> for all queues.</param>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<JobLimitStatus> Limits(string? queue = null);
}
