using Asdamir.Data.HangfireJobs.Catalog;
using Hangfire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Hangfire's AutomaticRetry, configured by the options or by the job class.</summary>
internal sealed class RetryPolicy(HangfireJobsRetryOptions options, TimeProvider time, ILogger? log = null)
{
    /// <summary>The log for failed attempts.</summary>
    public ILogger Log => log ?? NullLogger.Instance;

    /// <summary>The clock by which delays are measured.</summary>
    public TimeProvider Time => time;

    private readonly AutomaticRetryAttribute _default = new()
    {
        Attempts = options.Attempts,
        DelayInSecondsByAttemptFunc = retry => DelayInSeconds(options, retry, Random.Shared.NextDouble()),
    };

    public AutomaticRetryAttribute For(JobDescriptor job) =>
        job.Filters.OfType<AutomaticRetryAttribute>().LastOrDefault() ?? _default;

    /// <param name="options">The settings.</param>
    /// <param name="retry">1 for the first retry.</param>
    /// <param name="chance">0 to 1; how much of the jitter is added.</param>
    public static int DelayInSeconds(HangfireJobsRetryOptions options, long retry, double chance)
    {
        var factor = options.Backoff switch
        {
            RetryBackoff.Fixed => 1,
            RetryBackoff.Linear => retry,
            _ => Math.Pow(2, Math.Min(retry - 1, 62)),
        };
        var seconds = Math.Min(options.BaseDelay.TotalSeconds * factor, options.MaxDelay.TotalSeconds);
        return (int)Math.Ceiling(seconds * (1 + options.Jitter * chance));
    }
}
