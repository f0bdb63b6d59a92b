using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>Executes what an envelope carries. Processes without workers have none.</summary>
internal interface IRunExecutor
{
    /// <returns>The result to store, as JSON.</returns>
    Task<string?> ExecuteAsync(string jobName, string? payloadJson, PerformContext context, CancellationToken cancellationToken);
}
