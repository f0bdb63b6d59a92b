namespace Asdamir.Data.Storage.Database;

/// <summary>What a database refuses because it collided with something else (a deadlock, a serialization failure) succeeds when it is tried again.</summary>
internal static class Conflicts
{
    public const int Attempts = 20;

    private const int LongestPauseMilliseconds = 20;

    /// <param name="work">All of a transaction, or one statement.</param>
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

    // Of different lengths, so that the same two do not collide again.
    public static void Pause() => Thread.Sleep(Random.Shared.Next(1, LongestPauseMilliseconds));
}
