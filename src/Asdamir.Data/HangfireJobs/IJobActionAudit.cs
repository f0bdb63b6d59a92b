namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Records what operators do through the API and the console: each action before it is carried out, and its outcome. Register an
/// implementation as a service; without one, outcomes are only logged.
/// </summary>
public interface IJobActionAudit
{
    /// <summary>Records an action that is about to be carried out. If this throws, the action is not carried out.</summary>
    /// <param name="action">Who does what, and why.</param>
    /// <param name="cancellationToken">Cancelled when the request is aborted.</param>
    /// <returns>A task that completes when the action is recorded; only then is it carried out.</returns>
    ValueTask IntendedAsync(JobAction action, CancellationToken cancellationToken);

    /// <summary>
    /// Records jobs that the filter of an action selects, before anything is done to them. If this throws, the action ends there. The
    /// default implementation does nothing.
    /// </summary>
    /// <param name="action">The same action as before.</param>
    /// <param name="jobIds">The ids of the next jobs, at most 200.</param>
    /// <param name="cancellationToken">Not cancelled: it is up to the action when it stops.</param>
    /// <returns>A task that completes when the jobs are recorded.</returns>
    ValueTask NamedAsync(JobAction action, IReadOnlyList<string> jobIds, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Records an action that was carried out, refused or denied. An exception is logged and does not undo the action.</summary>
    /// <param name="action">The same action as before.</param>
    /// <param name="result">The outcome.</param>
    /// <param name="cancellationToken">Not cancelled when the request is aborted: the action has been carried out.</param>
    /// <returns>A task that completes when the outcome is recorded.</returns>
    ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken);
}
