namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>A job in a queue.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Job">The job; <see langword="null"/> when it is gone: then its row stays in the queue until a worker comes to it.</param>
/// <param name="ClaimedAt">Since when it is claimed.</param>
internal sealed record QueuedJob(long JobId, ListedJob? Job, DateTime? ClaimedAt);
