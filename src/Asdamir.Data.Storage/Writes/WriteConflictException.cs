namespace Asdamir.Data.Storage.Writes;

/// <summary>Somebody else changed the job first. Hangfire's workers read it again and try once more.</summary>
internal sealed class WriteConflictException(bool isClaim)
    : InvalidOperationException(isClaim
        ? "The job was given to another worker, because this process did not renew its lease in time; nothing was written."
        : "The job was changed by somebody else in the meantime; nothing was written. Read its state and try again.")
{
    /// <summary>Whether it was the claim of a worker that is gone, so that trying again is of no use.</summary>
    public bool IsClaim => isClaim;
}
