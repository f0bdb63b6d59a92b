namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>The audit did not accept an action, so the action was not carried out. The cause is the inner exception.</summary>
public sealed class JobAuditException : Exception
{
    private const string Text = "The action was not carried out, because the audit did not accept it. Try again.";

    /// <summary>Creates the exception.</summary>
    public JobAuditException()
        : base(Text)
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The message.</param>
    public JobAuditException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public JobAuditException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal JobAuditException(Exception cause)
        : this(Text, cause)
    {
    }
}
