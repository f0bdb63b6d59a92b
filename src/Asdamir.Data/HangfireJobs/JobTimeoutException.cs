namespace Asdamir.Data.HangfireJobs;

/// <summary>An attempt took longer than its timeout. It counts as a failure and is retried.</summary>
public sealed class JobTimeoutException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which job, and which limit.</param>
    public JobTimeoutException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which job, and which limit.</param>
    /// <param name="innerException">The cancellation that ended the attempt.</param>
    public JobTimeoutException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception.</summary>
    public JobTimeoutException() { }
}
