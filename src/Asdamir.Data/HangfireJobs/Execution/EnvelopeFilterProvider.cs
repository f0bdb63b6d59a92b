using System.Collections.Frozen;
using Asdamir.Data.HangfireJobs.Catalog;
using Hangfire;
using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The filters of a run: Hangfire's attributes on its job class, which the envelope would hide, those the app added for all its jobs, and our own.
/// Runs of other apps get what keeps them correct when this process moves them. Jobs that are no envelopes keep
/// Hangfire's usual filters.
/// </summary>
internal sealed class EnvelopeFilterProvider : IJobFilterProvider
{
    private const int GuardOrder = 900;

    private readonly Lazy<FrozenDictionary<string, JobFilter[]>> _byJobName;
    private readonly JobFilter[] _ofUnknownJobs;

    public EnvelopeFilterProvider(JobCatalog catalog, RetryPolicy retry, WorkerGuard guard, RunLifecycle lifecycle, ThroughputFilter throughput, Func<AppFilters> added)
    {
        JobFilter[] common =
        [
            Global(new StatisticsHistoryAttribute(), 30),
            Global(guard, GuardOrder),
            Global(lifecycle, GuardOrder),
            Global(throughput, GuardOrder),
            Global(new ContinuationFilter(this), ContinuationFilter.Order),
        ];
        _ofUnknownJobs = common;
        // Not before they are needed: the app's filters may ask for services that need this one.
        _byJobName = new(() => catalog.Jobs
            .SelectMany(job => job.FormerNames.Prepend(job.Name).Select(name => (name, job)))
            .DistinctBy(entry => entry.name)
            .ToFrozenDictionary(entry => entry.name, entry => Combine(entry.job, retry, [.. common, .. added().All])));
    }

    public IEnumerable<JobFilter> GetFilters(Job job) =>
        JobEnvelope.TryUnwrap(job, out var jobName, out _)
            ? _byJobName.Value.GetValueOrDefault(jobName, _ofUnknownJobs)
            : JobFilterProviders.Providers.GetFilters(job);

    // Like Hangfire: by order, and of a kind that may stand only once the class's own wins over the common one.
    private static JobFilter[] Combine(JobDescriptor job, RetryPolicy retry, JobFilter[] common)
    {
        var automaticRetry = retry.For(job);
        var own = job.Filters
            .Where(filter => filter is not (AutomaticRetryAttribute or ContinuationsSupportAttribute))
            .GroupBy(filter => filter.GetType())
            .SelectMany(group => group.First().AllowMultiple ? group : group.TakeLast(1))
            .Select(filter => new JobFilter(filter, JobFilterScope.Method, filter.Order))
            .ToList();
        return
        [
            .. common.Where(filter => !own.Exists(other => other.Instance.GetType() == filter.Instance.GetType()))
                .Concat(own)
                .Append(new JobFilter(new RetryFilter(automaticRetry), JobFilterScope.Method, automaticRetry.Order))
                .OrderBy(filter => filter.Order).ThenBy(filter => filter.Scope),
        ];
    }

    private static JobFilter Global(object filter, int order) => new(filter, JobFilterScope.Global, order);
}
