namespace Asdamir.Data.Storage;

/// <summary>The contents of a queue.</summary>
/// <param name="Name">The queue.</param>
/// <param name="Waiting">The number of waiting jobs.</param>
/// <param name="OldestAt">Since when the oldest of them has waited, UTC; <see langword="null"/> if none waits.</param>
/// <param name="Claimed">The number of jobs that workers have taken from it and not finished.</param>
public sealed record QueueDepth(string Name, long Waiting, DateTime? OldestAt, long Claimed);
