namespace Asdamir.Data.HangfireJobs;

/// <summary>Thrown by the executor when a job returned a failure with a message only.</summary>
public sealed class JobFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message of the failing result.</param>
    public JobFailedException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message of the failing result.</param>
    /// <param name="innerException">The cause.</param>
    public JobFailedException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception.</summary>
    public JobFailedException() { }

    /// <summary>Whether a result is behind it, so that its stack trace says nothing of the job.</summary>
    internal bool IsOfResult { get; init; }
}
