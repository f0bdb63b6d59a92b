namespace Asdamir.Data.HangfireJobs;

/// <summary>What became of a call that creates a job with a key.</summary>
public sealed record EnqueueResult
{
    /// <summary>The id of the job: of the new one, or of the one that has the key.</summary>
    public required string JobId { get; init; }

    /// <summary>Whether the job was there before the call, so that the call has stored no other one.</summary>
    public bool Existed { get; init; }

    /// <summary>
    /// Whether the job that was there has got the arguments and the time of the call, see <see cref="JobOptions.WhenTaken"/>. It is
    /// <see langword="false"/> when that had begun.
    /// </summary>
    public bool Replaced { get; init; }
}
