namespace Asdamir.Data.HangfireJobs;

/// <summary>What became of a call that creates a job with a key.</summary>
public sealed record EnqueueResult
{
    /// <summary>The id of the job: of the new one, or of the one that has the key.</summary>
    public required string JobId { get; init; }

    /// <summary>Whether the job was there before the call, so that the call has stored nothing.</summary>
    public bool Existed { get; init; }
}
