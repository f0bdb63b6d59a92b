using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.Data.HangfireJobs;

/// <summary>How failed attempts are retried. <see cref="RetryAttribute"/> replaces it for a job type, or some of its exceptions.</summary>
public sealed class HangfireJobsRetryOptions
{
    /// <summary>How many retries follow the first attempt, 0 to 1,000. The default value is 10.</summary>
    [Number(0, 1_000, "set the number of retries")]
    public int Attempts { get; set; } = 10;

    /// <summary>How the delay grows from retry to retry. The default value is <see cref="RetryBackoff.Exponential"/>.</summary>
    public RetryBackoff Backoff { get; set; } = RetryBackoff.Exponential;

    /// <summary>
    /// The delay before the first retry, in whole seconds, at most 24 days; 00:00:00 retries at once. The default value is 00:00:30.
    /// </summary>
    [Duration(24, "set the delay before the first retry")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest delay, before jitter; from <see cref="BaseDelay"/> to 24 days. The default value is 00:10:00.</summary>
    [Duration(24, "set the longest delay")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The largest part of a delay that is added at random, 0 to 1, so that jobs that failed together are not retried
    /// together. The default value is 0.2.
    /// </summary>
    [Number(0, 1, "set the part of a delay that is added at random")]
    public double Jitter { get; set; } = 0.2;
}
