using System.Collections.Concurrent;
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

    private readonly ConcurrentDictionary<Type, JobRetries> _byJobType = new();

    public JobRetries For(JobDescriptor job) =>
        _byJobType.GetOrAdd(job.Type, static (_, asked) => asked.Policy.Create(asked.Job), (Policy: this, Job: job));

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

    private JobRetries Create(JobDescriptor job)
    {
        var ofAll = job.Retries.FirstOrDefault(static rule => rule.On == typeof(Exception));
        return new JobRetries(
            job.Filters.OfType<AutomaticRetryAttribute>().LastOrDefault() ?? RetryBy(ofAll is null ? options : Settings(ofAll)),
            job.Retries.Where(rule => rule != ofAll).Select(rule => new FailureRule(RetryBy(Settings(rule)), rule.On)));
    }

    private HangfireJobsRetryOptions Settings(RetryRule rule)
    {
        var baseDelay = rule.BaseDelay ?? options.BaseDelay;
        return new()
        {
            Attempts = rule.Attempts,
            Backoff = rule.Backoff ?? options.Backoff,
            BaseDelay = baseDelay,
            MaxDelay = rule.MaxDelay ?? (baseDelay > options.MaxDelay ? baseDelay : options.MaxDelay),
            Jitter = options.Jitter,
        };
    }

    private static AutomaticRetryAttribute RetryBy(HangfireJobsRetryOptions settings) => new()
    {
        Attempts = settings.Attempts,
        DelayInSecondsByAttemptFunc = retry => DelayInSeconds(settings, retry, Random.Shared.NextDouble()),
    };
}
