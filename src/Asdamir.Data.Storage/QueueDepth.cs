namespace Asdamir.Data.Storage;

/// <summary>What is in a queue.</summary>
/// <param name="Name">The queue.</param>
/// <param name="Waiting">How many jobs wait in it.</param>
/// <param name="OldestAt">Since when the first of them waits, UTC; <see langword="null"/> when none does.</param>
/// <param name="Claimed">How many jobs workers have taken from it and not finished.</param>
public sealed record QueueDepth(string Name, long Waiting, DateTime? OldestAt, long Claimed);
