namespace Asdamir.Data.HangfireJobs;

/// <summary>A background job without arguments. Implement it and the job can be enqueued, scheduled and found by name.</summary>
/// <remarks>
/// The class is created in the scope of each job, so constructor injection works. It may run more than once
/// for one enqueue call (at least once), so make its effect repeatable.
/// </remarks>
public interface IJob
{
    /// <summary>
    /// The name of the job. The default value is the class's simple name. Jobs are stored under
    /// <see cref="JobNameAttribute"/> or the class's simple name; a different value here is reported in the log.
    /// </summary>
    string Name => GetType().Name;

    /// <summary>Does the work of one job.</summary>
    /// <param name="ctx">The job: its id, attempt, progress and log.</param>
    /// <param name="ct">Cancelled when the app stops, the job is deleted or its timeout has passed.</param>
    /// <returns>The outcome. A failure is thrown by the executor, so that Hangfire retries the job.</returns>
    Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default);
}
