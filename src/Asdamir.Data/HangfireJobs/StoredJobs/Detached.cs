namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// Starts work that outlives the call which happens to need it first. Without this, the trace, the log scopes and the
/// AsyncLocals of one request would live on in it.
/// </summary>
internal static class Detached
{
    public static T Start<T>(Func<T> start)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return start();
        using (ExecutionContext.SuppressFlow())
            return start();
    }
}
