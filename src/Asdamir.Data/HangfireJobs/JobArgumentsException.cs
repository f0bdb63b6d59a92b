namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Arguments cannot be stored (not serialisable, too large), or would not be the same when they are read back. When an enqueue call throws
/// it, nothing was enqueued.
/// </summary>
public sealed class JobArgumentsException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which job, what is wrong, and what to do.</param>
    public JobArgumentsException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which job, what is wrong, and what to do.</param>
    /// <param name="innerException">The serializer's exception.</param>
    public JobArgumentsException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception.</summary>
    public JobArgumentsException() { }
}
