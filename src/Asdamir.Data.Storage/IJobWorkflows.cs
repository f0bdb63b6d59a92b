namespace Asdamir.Data.Storage;

/// <summary>
/// The workflows of a schema, see <see cref="JobWorkflows"/>. Implemented by <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/>.
/// </summary>
public interface IJobWorkflows
{
    /// <summary>Finds a workflow.</summary>
    /// <param name="id">Its id.</param>
    /// <returns><see langword="null"/> when there is none.</returns>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    JobWorkflowStatus? FindWorkflow(string id);

    /// <summary>Lists workflows, the newest first.</summary>
    /// <param name="queue">Of this queue; <see langword="null"/> (the default) for all.</param>
    /// <param name="before">
    /// Those created before the one with this id; <see langword="null"/> (the default) to begin with the newest.
    /// </param>
    /// <param name="count">How many, from 1 to 1000; 50 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<JobWorkflowStatus> ListWorkflows(string? queue = null, string? before = null, int count = 50);

    /// <summary>Lists the jobs of a workflow in the order in which they were added.</summary>
    /// <param name="id">The id of the workflow.</param>
    /// <param name="after">Those after the job with this id; <see langword="null"/> (the default) to begin with the first one.</param>
    /// <param name="count">How many, from 1 to 1000; 100 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<JobWorkflowMember> WorkflowMembers(string id, string? after = null, int count = 100);

    /// <summary>Lists which jobs wait, or have waited, for jobs of a workflow.</summary>
    /// <param name="jobIds">The jobs that are waited for, up to 1000.</param>
    /// <param name="count">How many, from 1 to 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range, or there are too many jobs.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<JobWorkflowEdge> WorkflowEdges(IReadOnlyCollection<string> jobIds, int count);

    /// <summary>Lists the jobs for which a job of a workflow has waited, in the order in which they were added.</summary>
    /// <param name="jobId">The job.</param>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<JobWorkflowParent> WorkflowParents(string jobId);

    /// <summary>
    /// Marks a workflow as cancelled, and deletes its jobs that have not begun, except those that are scheduled. It can be repeated when it
    /// fails in between, or when jobs of the workflow were requeued.
    /// </summary>
    /// <param name="id">The id of the workflow.</param>
    /// <param name="by">Who cancels it.</param>
    /// <param name="reason">Why; <see langword="null"/> (the default) when no reason is given.</param>
    /// <returns>
    /// Its jobs that are executed or scheduled, which the caller deletes like any other job; <see langword="null"/> when there is no such
    /// workflow.
    /// </returns>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyList<string>? CancelWorkflow(string id, string by, string? reason = null);
}
