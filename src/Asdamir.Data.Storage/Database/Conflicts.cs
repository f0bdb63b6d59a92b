namespace Asdamir.Data.Storage.Database;

/// <summary>Retries work that the database refused because of a conflict: a deadlock or a serialization failure.</summary>
internal static class Conflicts
{
    public const int Attempts = 20;

    private const int LongestPauseMilliseconds = 20;

    /// <param name="work">A whole transaction, or one statement.</param>
    public static T Retry<T>(SqlDatabase database, Func<T> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return work();
            }
            catch (Exception exception) when (attempt < Attempts && database.IsConflict(exception))
            {
                Pause();
            }
        }
    }

    // Random pauses keep the same two from colliding again.
    public static void Pause() => Thread.Sleep(Random.Shared.Next(1, LongestPauseMilliseconds));
}
