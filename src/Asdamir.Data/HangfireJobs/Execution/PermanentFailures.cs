using System.Runtime.CompilerServices;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Marks exceptions that must not be retried, between the executor and the retry filter. The mark is beside the
/// exception and does not wrap it, so that Hangfire stores, and filters see, the original.
/// </summary>
internal static class PermanentFailures
{
    private static readonly ConditionalWeakTable<Exception, object> Marked = [];

    public static Exception Mark(Exception exception)
    {
        Marked.AddOrUpdate(exception, Marked);
        return exception;
    }

    public static bool Contains(Exception exception) => Marked.TryGetValue(exception, out _);
}
