using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Executes what an envelope carries. Processes without workers have none.</summary>
internal interface IJobExecutor
{
    /// <returns>The result to store, as JSON.</returns>
    Task<string?> ExecuteAsync(string jobName, string? payloadJson, PerformContext context, CancellationToken cancellationToken);
}
