namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// A step or a cursor cannot be stored or read: it has the name of another one of the attempt, its value is not JSON, or a limit is
/// reached. The message names it and the fix. A job that lets it escape fails without a retry, unless what it cannot read was stored by
/// an earlier attempt.
/// </summary>
public sealed class JobStepException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which step or cursor, what is wrong, and the fix.</param>
    public JobStepException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which step or cursor, what is wrong, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public JobStepException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception.</summary>
    public JobStepException() { }
}
