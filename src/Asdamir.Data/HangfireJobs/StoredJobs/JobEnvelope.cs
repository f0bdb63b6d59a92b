using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Common;
using Hangfire.Server;

// The namespace is the package's root on purpose: it is part of every stored job and must survive moves of files.
namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// The method that every job is stored as. All processes of a schema have it, so none of them can fail to load,
/// disable or rewrite another app's job. FROZEN: a stored job names this type, this method and these parameter
/// types; changes are made inside the JSON (<see cref="JobPayload"/>). A golden file pins it.
/// </summary>
internal sealed class JobEnvelope(IJobExecutor executor)
{
    private static readonly MethodInfo Method = typeof(JobEnvelope).GetMethod(nameof(ExecuteAsync))!;

    // Its name is stored. It does not return a task, because Hangfire would start that in the thread pool while the worker's thread
    // waits: a thread switch each way, and blocking jobs would fill the pool.
    public string? ExecuteAsync(string jobName, string? payloadJson, PerformContext context, CancellationToken cancellationToken) =>
        executor.ExecuteAsync(jobName, payloadJson, context, cancellationToken).GetAwaiter().GetResult();

    /// <param name="queue">The job's permanent queue, whichever process moves it; <see langword="null"/> for Hangfire's default
    /// queue.</param>
    public static Job Wrap(string jobName, string? payloadJson, string? queue) =>
        new(typeof(JobEnvelope), Method, [jobName, payloadJson, null, CancellationToken.None], queue);

    public static bool TryUnwrap(Job? job, [NotNullWhen(true)] out string? jobName, out string? payloadJson)
    {
        if (job?.Method == Method && job.Type == typeof(JobEnvelope) && job.Args is [string name, var payload, ..])
        {
            jobName = name;
            payloadJson = payload as string;
            return true;
        }
        jobName = null;
        payloadJson = null;
        return false;
    }
}
