namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Is told what operators do through the API and the console: before an action is carried out, and when it is done. Register
/// an implementation as a service; without one, actions are only logged.
/// </summary>
public interface IJobActionAudit
{
    /// <summary>An action is about to be carried out. If this throws, it is not.</summary>
    /// <param name="action">Who does what, and why.</param>
    void Intended(JobAction action);

    /// <summary>An action has been carried out, refused or denied.</summary>
    /// <param name="action">The same action as before.</param>
    /// <param name="report">What became of it.</param>
    void Completed(JobAction action, JobActionReport report);
}
