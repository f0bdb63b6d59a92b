namespace Asdamir.Data.Storage;

/// <summary>
/// Pauses queues. A paused queue accepts jobs, and none of them is begun by any process of the schema, also not by workers of plain
/// Hangfire; jobs that are claimed already are executed to their end. Implemented by <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/>.
/// </summary>
public interface IJobPauses
{
    /// <summary>
    /// Pauses something; no process need run for that, and a restart does not end it. A further call replaces reason, user and end.
    /// When it returns, no later claim takes a job.
    /// </summary>
    /// <param name="kind">What kind of thing is paused.</param>
    /// <param name="name">
    /// Its name, at most 400 characters, compared by its characters. A queue need not exist: the pause holds for jobs that come.
    /// </param>
    /// <param name="reason">
    /// Why, at most 500 characters; white space around it is removed. <see langword="null"/> (the default) or empty for no reason.
    /// </param>
    /// <param name="by">The user; <see langword="null"/> (the default) when unknown.</param>
    /// <param name="until">
    /// When it ends by the clock of the database; a process that waits for jobs notices it at the latest when it renews its lease.
    /// <see langword="null"/> (the default) for a pause that lasts until <see cref="EndPause"/>.
    /// </param>
    /// <returns>The pause as it was stored.</returns>
    /// <exception cref="ArgumentException">
    /// The name is empty, a text is too long, the kind is unknown, or <paramref name="until"/> has passed.
    /// </exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    JobPause Pause(JobPauseKind kind, string name, string? reason = null, string? by = null, DateTimeOffset? until = null);

    /// <summary>Ends a pause and wakes the workers.</summary>
    /// <param name="kind">What kind of thing is paused.</param>
    /// <param name="name">Its name.</param>
    /// <returns>Whether it was paused.</returns>
    /// <exception cref="ArgumentException">The name is empty or too long, or the kind is unknown.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    bool EndPause(JobPauseKind kind, string name);

    /// <summary>Lists what is paused now, by kind and name.</summary>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<JobPause> Pauses();
}
