namespace Asdamir.Data.Storage.Sql;

/// <summary>Creates the exception for a database that is unavailable.</summary>
internal static class Unavailable
{
    public static T Guard<T>(SqlDatabase database, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (database.IsUnavailable(exception))
        {
            throw Error(database, exception, mayBeCommitted: false);
        }
    }

    public static void Guard(SqlDatabase database, Action work) =>
        Guard(database, () =>
        {
            work();
            return true;
        });

    public static JobStorageUnavailableException Error(SqlDatabase database, Exception exception, bool mayBeCommitted)
    {
        database.Telemetry.Unavailable();
        if (mayBeCommitted)
            database.Telemetry.ResponseLost(isCommitted: null);
        return new JobStorageUnavailableException(
            $"The job storage ({database.Description}) cannot be used now: {FirstLine(exception.GetBaseException().Message).TrimEnd('.')}. "
            + (mayBeCommitted ? "The connection broke in the middle of a commit, and its outcome is unknown. " : "Nothing was written. ")
            + $"Fix: {database.Advice}; then repeat the call.",
            exception,
            mayBeCommitted)
        {
            Fault = FaultOf(database, exception),
        };
    }

    private static JobStorageFault FaultOf(SqlDatabase database, Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (database.FaultOf(cause) is var fault and not JobStorageFault.Other)
                return fault;
        }
        return JobStorageFault.Other;
    }

    // The following lines are positions and details that the driver hides.
    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] : text;
}
