namespace Asdamir.Data.Storage.Database;

/// <summary>Says in one way that a database cannot be used now.</summary>
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

    public static JobStorageUnavailableException Error(SqlDatabase database, Exception exception, bool mayBeCommitted) => new(
        $"The job storage ({database.Description}) cannot be used now: {FirstLine(exception.GetBaseException().Message).TrimEnd('.')}. "
        + (mayBeCommitted ? "The connection broke in the middle of a commit and it could not be found out whether it came through: it may or may not have. " : "Nothing was written. ")
        + $"Fix: {database.Advice}; the same call works again then.",
        exception,
        mayBeCommitted);

    // What follows are positions and details the driver hides.
    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] : text;
}
