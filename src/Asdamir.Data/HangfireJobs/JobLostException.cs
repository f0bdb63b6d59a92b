namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// The job was given to another worker, deleted or requeued while this attempt executed it. What the attempt wanted to store was not
/// written, and its outcome is ignored. Let the exception end the attempt.
/// </summary>
public sealed class JobLostException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which job, and what was not written.</param>
    public JobLostException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which job, and what was not written.</param>
    /// <param name="innerException">The cause.</param>
    public JobLostException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception.</summary>
    public JobLostException() { }
}
