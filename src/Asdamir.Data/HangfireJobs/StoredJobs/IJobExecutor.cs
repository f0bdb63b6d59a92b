using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Executes the job in an envelope. Processes without workers have no executor.</summary>
internal interface IJobExecutor
{
    /// <returns>The result to store, as JSON.</returns>
    Task<string?> ExecuteAsync(string jobName, string? payloadJson, PerformContext context, CancellationToken cancellationToken);
}
