using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A queue: the jobs in it, and the servers that listen to it.</summary>
public sealed record QueueSummary
{
    /// <summary>The name of the queue, which is that of an app.</summary>
    public required string Name { get; init; }

    /// <summary>How many jobs wait in it.</summary>
    public long Waiting { get; init; }

    /// <summary>Since when the first of them has waited (UTC); <see langword="null"/> when none waits.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>
    /// Since when the first of those without limits has waited (UTC), as one with limits may wait for room; <see langword="null"/> when
    /// none waits.
    /// </summary>
    public DateTimeOffset? OldestUnlimitedAt { get; init; }

    /// <summary>How many jobs workers have claimed and not finished.</summary>
    public long Claimed { get; init; }

    /// <summary>How many running servers listen to it.</summary>
    public int Servers { get; init; }

    /// <summary>The server that listened to it last, within the last 24 hours; <see langword="null"/> while one is running.</summary>
    public ServerSummary? LastServer { get; init; }

    /// <summary>The servers of this queue that died last, within the last 24 hours; <see langword="null"/> when none did.</summary>
    public ServerCrashes? Crashes { get; init; }

    /// <summary>
    /// Why, by whom and until when it is paused: none of its jobs is begun. <see langword="null"/> when it is not paused. The reason has
    /// its secrets masked.
    /// </summary>
    public JobPause? Pause { get; init; }

    /// <summary>Whether jobs wait in it, it is not paused, and no running server listens to it.</summary>
    public bool IsUnserved => Waiting > 0 && Servers == 0 && Pause is null;
}
