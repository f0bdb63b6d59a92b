using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The delays that jobs asked for with <see cref="JobResult.RetryAfter(TimeSpan)"/>, between the executor and the retry filter, kept
/// beside the exceptions as in <see cref="PermanentFailures"/>. Several jobs may fail with one object.
/// </summary>
internal static class RequestedDelays
{
    private static readonly ConditionalWeakTable<Exception, ConcurrentDictionary<string, TimeSpan>> Delays = [];

    /// <param name="failure">The failure of an attempt.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="delay">What the job asked for; <see langword="null"/> for nothing.</param>
    public static void Set(Exception failure, string jobId, TimeSpan? delay)
    {
        if (delay is { } requested)
            Delays.GetOrCreateValue(failure)[jobId] = requested;
        else
            Take(failure, jobId);
    }

    /// <returns>What the job asked for after this failure, once; <see langword="null"/> for nothing.</returns>
    public static TimeSpan? Take(Exception failure, string jobId) =>
        Delays.TryGetValue(failure, out var ofJobs) && ofJobs.TryRemove(jobId, out var delay) ? delay : null;
}
