namespace Asdamir.Data.HangfireJobs;

/// <summary>A background job with typed arguments, stored as JSON (System.Text.Json, camelCase, enums by name).</summary>
/// <typeparam name="TArgs">The arguments. Keep them small: ids rather than documents.</typeparam>
public interface IJob<in TArgs>
{
    /// <inheritdoc cref="IJob.Name"/>
    string Name => GetType().Name;

    /// <summary>Does the work of one run.</summary>
    /// <param name="args">The arguments given when the run was enqueued.</param>
    /// <param name="ctx">The run: its id, attempt, services, progress and log.</param>
    /// <param name="ct">Cancelled when the app stops, the run is deleted or its timeout has passed.</param>
    /// <returns>The outcome. A failure is thrown by the executor, so that Hangfire retries the run.</returns>
    Task<JobResult> ExecuteAsync(TArgs args, IJobContext ctx, CancellationToken ct = default);
}
