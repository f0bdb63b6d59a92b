using System.Runtime.CompilerServices;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The delays that jobs asked for with <see cref="JobResult.RetryAfter(TimeSpan)"/>, between the executor and the retry filter,
/// kept beside the exceptions as in <see cref="PermanentFailures"/>.
/// </summary>
internal static class RequestedDelays
{
    private static readonly ConditionalWeakTable<Exception, StrongBox<TimeSpan>> Delays = [];

    /// <param name="failure">The failure of an attempt. A job may fail with the same object again.</param>
    /// <param name="delay">What the job asked for; <see langword="null"/> for nothing.</param>
    public static void Set(Exception failure, TimeSpan? delay)
    {
        if (delay is { } requested)
            Delays.AddOrUpdate(failure, new StrongBox<TimeSpan>(requested));
        else
            Delays.Remove(failure);
    }

    public static TimeSpan? Of(Exception failure) => Delays.TryGetValue(failure, out var delay) ? delay.Value : null;
}
