namespace Asdamir.Data.HangfireJobs;

/// <summary>A job was taken as often as <see cref="HangfireJobsOptions.MaxDeliveries"/> allows, and each time its process died.</summary>
public sealed class JobCrashedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which job, and how often.</param>
    public JobCrashedException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which job, and how often.</param>
    /// <param name="innerException">The cause, if known.</param>
    public JobCrashedException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception.</summary>
    public JobCrashedException() { }
}
