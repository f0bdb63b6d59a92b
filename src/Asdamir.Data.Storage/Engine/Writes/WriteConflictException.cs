namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>Another writer changed the job first. Hangfire's workers read it again and retry.</summary>
internal sealed class WriteConflictException(bool isClaim)
    : InvalidOperationException(isClaim
        ? "The job was given to another worker, because this process did not renew its lease in time; nothing was written."
        : "Another writer changed the job in the meantime; nothing was written. Fix: read its state and retry.")
{
    /// <summary>Whether a worker's claim was lost, so that a retry is useless.</summary>
    public bool IsClaim => isClaim;
}
