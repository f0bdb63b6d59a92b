using System.Runtime.CompilerServices;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Remembers which exceptions must not be retried, on its way from the executor to the retry filter. Beside the
/// exception and not around it, so that the original one is what Hangfire stores and filters see.
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
