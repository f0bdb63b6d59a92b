using System.Collections.Frozen;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The filters of a job: Hangfire's attributes on its class, which the envelope would hide, those that the app added for all its jobs, and
/// ours. Jobs of other apps get the filters that keep them correct when this process changes their state. Method calls that the app allows
/// keep Hangfire's usual filters; attributes on any other class are not read.
/// </summary>
internal sealed class EnvelopeFilterProvider : IJobFilterProvider
{
    private const int GuardOrder = 900;

    private readonly Lazy<FrozenDictionary<string, JobFilter[]>> _byJobName;
    private readonly JobFilter[] _ofUnknownJobs;
    private readonly JobLoader _loader;
    private readonly JobFilter[] _ofPlainJobs;

    public EnvelopeFilterProvider(
        JobCatalog catalog, JobLoader loader, IReadOnlySet<string> ownQueues, RetryPolicy retry, WorkerFilter guard, JobLifecycle lifecycle,
        ThroughputFilter throughput,
        PlainQueues plain, Func<AppFilters> added)
    {
        _loader = loader;
        _ofPlainJobs = [Global(guard, GuardOrder), Global(new PlainQueueFilter(plain), GuardOrder)];
        JobFilterCollection ours = new()
        {
            { new StatisticsHistoryAttribute(), 30 },
            { guard, GuardOrder },
            { lifecycle, GuardOrder },
            { throughput, GuardOrder },
        };
        var watched = new WatchedFilters(this);
        var continuations = new ContinuationStarter(
            new UnloadedJobs(new BackgroundJobStateChanger(watched), ownQueues), new BackgroundJobStateChanger(ours), watched.HaveThrown,
            retry.Log);
        JobFilter[] common = [.. ours, Global(new ContinuationFilter(continuations), ContinuationFilter.Order)];
        _ofUnknownJobs = common;
        // Created lazily: the app's filters may depend on services that need this one.
        _byJobName = new(() => catalog.Jobs
            .SelectMany(job => job.FormerNames.Prepend(job.Name).Select(name => (name, job)))
            .DistinctBy(entry => entry.name)
            .ToFrozenDictionary(entry => entry.name, entry => Combine(entry.job, retry, [.. common, .. added().All])));
    }

    /// <param name="added">Creates the filters that the app added; called when the first job is created or executed.</param>
    /// <param name="unknown">Where jobs of unknown job types are reported; <see langword="null"/> in a process that executes none.</param>
    public static EnvelopeFilterProvider Create(
        HangfireJobsOptions options, JobCatalog catalog, JobLoader loader, JobRouting routing, RetryPolicy retry,
        PlainQueues plain, Func<AppFilters> added, UnknownJobs? unknown, TimeProvider time) =>
        new(
            catalog, loader, routing.OwnQueues, retry,
            new WorkerFilter(catalog, loader, routing.OwnQueues, options.MaxDeliveries, unknown, time),
            new JobLifecycle(options.Retention), new ThroughputFilter(time), plain, added);

    /// <param name="job">The job; <see langword="null"/> for one that was not loaded.</param>
    public IEnumerable<JobFilter> GetFilters(Job? job) =>
        JobEnvelope.TryUnwrap(job, out var jobName, out _) ? _byJobName.Value.GetValueOrDefault(jobName, _ofUnknownJobs)
        : job is not null && _loader.Allows(job) ? JobFilterProviders.Providers.GetFilters(job).Concat(_ofPlainJobs)
        : _ofUnknownJobs;

    // As in Hangfire: by order; where only one of a kind is allowed, that of the class takes precedence.
    private static JobFilter[] Combine(JobDescriptor job, RetryPolicy retry, JobFilter[] common)
    {
        var retries = retry.For(job);
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
                .Append(new JobFilter(new RetryFilter(retries, retry.Time, retry.Log), JobFilterScope.Method, retries.General.Order))
                .OrderBy(filter => filter.Order).ThenBy(filter => filter.Scope),
        ];
    }

    private static JobFilter Global(object filter, int order) => new(filter, JobFilterScope.Global, order);
}
