using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Sql;

/// <summary>Retries work that the database refused because of a conflict: a deadlock or a serialization failure.</summary>
internal static class Conflicts
{
    public const int Attempts = 12;

    private const int FirstPauseMilliseconds = 10;
    private const int LongestPauseMilliseconds = 500;

    /// <param name="database">Where the work is done.</param>
    /// <param name="work">A whole transaction, or one statement.</param>
    /// <exception cref="JobStorageUnavailableException">The last attempt met a conflict, too.</exception>
    public static T Retry<T>(SqlDatabase database, Func<T> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return work();
            }
            catch (Exception exception) when (database.IsConflict(exception))
            {
                PauseAfter(attempt, database, exception);
            }
        }
    }

    /// <summary>
    /// Waits before the next attempt. The longest time doubles, and a random part of it keeps the same two from colliding again.
    /// </summary>
    /// <exception cref="JobStorageUnavailableException">There is no next attempt. Nothing was written.</exception>
    public static void PauseAfter(int attempt, SqlDatabase database, Exception conflict)
    {
        if (attempt >= Attempts)
            throw Unavailable.Error(database, conflict, mayBeCommitted: false);
        database.Time.Sleep(TimeSpan.FromMilliseconds(
            Random.Shared.Next(1, Math.Min(FirstPauseMilliseconds << attempt, LongestPauseMilliseconds))));
    }
}
