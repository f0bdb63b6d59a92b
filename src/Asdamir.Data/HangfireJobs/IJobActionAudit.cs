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

    /// <summary>Records an action that was carried out, refused or denied. An exception is logged and does not undo the action.</summary>
    /// <param name="action">The same action as before.</param>
    /// <param name="result">The outcome.</param>
    /// <param name="cancellationToken">Not cancelled when the request is aborted: the action has been carried out.</param>
    /// <returns>A task that completes when the outcome is recorded.</returns>
    ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken);
}
