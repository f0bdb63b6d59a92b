namespace Asdamir.Data.Testing;

/// <summary>What a test expects of jobs is not so. The message says what is.</summary>
public sealed class JobAssertionException : Exception
{
    /// <summary>Creates the exception.</summary>
    public JobAssertionException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is not so, and what is instead.</param>
    public JobAssertionException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is not so, and what is instead.</param>
    /// <param name="innerException">The cause, such as the exception of a job.</param>
    public JobAssertionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
