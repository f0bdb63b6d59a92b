namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>Waits for jobs of some queues.</summary>
internal interface IClaimWaiter
{
    IReadOnlyList<string> Queues { get; }

    /// <summary>There may be new jobs in the queues.</summary>
    void Wake();

    /// <summary>
    /// After how long one that waits looks without an announcement. Jitter keeps processes from looking at the same moment.
    /// </summary>
    /// <param name="pollInterval">The poll interval.</param>
    /// <param name="untilRoom">After which time a rate has room, if a job waits for it.</param>
    static TimeSpan PauseOf(TimeSpan pollInterval, TimeSpan? untilRoom)
    {
        var pause = pollInterval * (0.8 + (0.4 * Random.Shared.NextDouble()));
        return untilRoom < pause ? untilRoom.Value : pause;
    }
}
