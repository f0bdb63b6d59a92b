namespace Asdamir.Data.Storage;

/// <summary>The failed jobs of one job type.</summary>
/// <param name="Name">The name of the job type.</param>
/// <param name="Queue">Its queue.</param>
/// <param name="Count">The number of failed jobs.</param>
/// <param name="LastAt">The time of the last failure, UTC.</param>
/// <param name="LastId">The id of the job that failed last.</param>
public sealed record JobFailures(string Name, string Queue, long Count, DateTime LastAt, string LastId);
