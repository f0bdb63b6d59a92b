namespace Asdamir.Data.Storage;

/// <summary>
/// The database of a job storage is unavailable: unreachable, restarting, read-only, full or locked. No stored job
/// is lost; repeat the call when the database is available.
/// </summary>
public sealed class JobStorageUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The error, its location and the fix.</param>
    /// <param name="innerException">The database driver's error.</param>
    /// <param name="mayBeCommitted">Whether the work may have been committed although no response arrived.</param>
    public JobStorageUnavailableException(string message, Exception? innerException = null, bool mayBeCommitted = false)
        : base(message, innerException) => MayBeCommitted = mayBeCommitted;

    /// <summary>
    /// Whether the work may have been committed although no response arrived. With <see langword="false"/> nothing was written.
    /// </summary>
    public bool MayBeCommitted { get; }

    /// <summary>The reason.</summary>
    public JobStorageFault Fault { get; init; }
}
