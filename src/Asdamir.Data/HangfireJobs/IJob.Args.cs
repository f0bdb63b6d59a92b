namespace Asdamir.Data.HangfireJobs;

/// <summary>A background job with typed arguments, stored as JSON (System.Text.Json, camelCase, enums by name).</summary>
/// <typeparam name="TArgs">The arguments. Keep them small: ids rather than documents.</typeparam>
public interface IJob<in TArgs>
{
    /// <inheritdoc cref="IJob.Name"/>
    string Name => GetType().Name;

    /// <summary>Does the work of one job.</summary>
    /// <param name="args">The arguments given when the job was enqueued.</param>
    /// <param name="ctx">The job: its id, attempt, progress and log.</param>
    /// <param name="ct">Cancelled when the app stops, the job is deleted or its timeout has passed.</param>
    /// <returns>The outcome. A failure is thrown by the executor, so that Hangfire retries the job.</returns>
    Task<JobResult> ExecuteAsync(TArgs args, IJobContext ctx, CancellationToken ct = default);
}
