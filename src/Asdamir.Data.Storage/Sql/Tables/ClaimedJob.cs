namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>A job that this process may execute.</summary>
/// <param name="Token">Its row in the queue, and which claim of it this is.</param>
/// <param name="LeaseId">The lease it was claimed under.</param>
/// <param name="JobId">The job.</param>
/// <param name="Queue">The queue it came from.</param>
/// <param name="Row">The job as it was when it was claimed; <see langword="null"/> when it does not exist any more.</param>
/// <param name="AskedAt">When the claim was sent, as a timestamp: it is not older than that.</param>
internal sealed record ClaimedJob(ClaimToken Token, long LeaseId, long JobId, string Queue, JobRow? Row, long AskedAt)
{
    /// <summary>Whether the claim itself has put the job into the state Processing.</summary>
    public bool HasBegun { get; init; }

    /// <summary>Whether it is executed under limits.</summary>
    public bool IsLimited { get; init; }

    /// <summary>The limit that had no room for it, when it is to be deleted instead of executed.</summary>
    public string? SkippedBy { get; init; }

    /// <summary>Whether the process that had the job before has died.</summary>
    public bool WasLost { get; init; }
}
