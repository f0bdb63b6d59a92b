namespace Asdamir.Data.HangfireJobs;

/// <summary>How the delay grows from retry to retry.</summary>
public enum RetryBackoff
{
    /// <summary>Always the base delay.</summary>
    Fixed = 0,

    /// <summary>The base delay times the number of the retry.</summary>
    Linear = 1,

    /// <summary>The base delay, doubled with every retry.</summary>
    Exponential = 2,
}
