namespace Asdamir.Data.Storage;

/// <summary>The failed jobs of one job.</summary>
/// <param name="Name">The name of the job.</param>
/// <param name="Queue">Its queue.</param>
/// <param name="Count">How many jobs are failed.</param>
/// <param name="LastAt">When the last of them failed, UTC.</param>
/// <param name="LastId">The last of them.</param>
public sealed record JobFailures(string Name, string Queue, long Count, DateTime LastAt, string LastId);
