namespace Asdamir.Data.HangfireJobs;

/// <summary>How failed attempts are retried.</summary>
public sealed class HangfireJobsRetryOptions
{
    /// <summary>How many retries follow the first attempt, 0 to 1,000. The default value is 10.</summary>
    public int Attempts { get; set; } = 10;

    /// <summary>How the delay grows from retry to retry. The default value is <see cref="RetryBackoff.Exponential"/>.</summary>
    public RetryBackoff Backoff { get; set; } = RetryBackoff.Exponential;

    /// <summary>The delay before the first retry, in whole seconds; 00:00:00 retries at once. The default value is 00:00:30.</summary>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest delay, before jitter. The default value is 00:10:00.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The part of a delay that is added at random at most, 0 to 1, so that runs that failed together do not come
    /// back together. The default value is 0.2.
    /// </summary>
    public double Jitter { get; set; } = 0.2;
}
