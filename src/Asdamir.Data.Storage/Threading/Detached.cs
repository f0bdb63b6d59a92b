namespace Asdamir.Data;

/// <summary>
/// Starts work that outlives the call that first needs it. Otherwise it would keep the trace, the log scopes and the
/// AsyncLocals of that call.
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
