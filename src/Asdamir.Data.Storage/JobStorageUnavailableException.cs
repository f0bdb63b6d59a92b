namespace Asdamir.Data.Storage;

/// <summary>
/// The database of a job storage cannot be used now: it is unreachable, restarting, read-only, full or locked. Nothing
/// is lost; the same call works again when the database does.
/// </summary>
public sealed class JobStorageUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="innerException">The database driver's error.</param>
    /// <param name="mayBeCommitted">Whether the work may have been committed although no answer came.</param>
    public JobStorageUnavailableException(string message, Exception? innerException = null, bool mayBeCommitted = false)
        : base(message, innerException) => MayBeCommitted = mayBeCommitted;

    /// <summary>
    /// Whether the work may have been committed although no answer came. With <see langword="false"/> nothing was written.
    /// </summary>
    public bool MayBeCommitted { get; }
}
