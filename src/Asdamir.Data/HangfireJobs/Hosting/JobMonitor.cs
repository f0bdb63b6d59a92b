using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.Monitoring.Composition;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Creates monitors for programs that observe the schema of other apps. An app gets its own <see cref="IJobMonitor"/> from its services.
/// </summary>
public static class JobMonitor
{
    /// <summary>
    /// Creates a monitor of all apps of a schema. It reads and acts, executes no jobs, and loads no class that the stored jobs name.
    /// Creating it opens nothing; the first call does.
    /// </summary>
    /// <param name="options">Which schema, and how.</param>
    /// <returns>The monitor. Dispose it to close the connections.</returns>
    public static IJobMonitor Observe(JobMonitorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new HangfireJobsOptions
        {
            Storage = new HangfireJobsStorageOptions
            {
                Provider = options.Storage.Provider,
                ConnectionString = options.Storage.ConnectionString,
                Schema = options.Storage.Schema,
                PrepareStatements = options.Storage.PrepareStatements,
                MaxConnections = options.Storage.MaxConnections,
                Migrate = false,
            },
        };
        var storage = StorageFactory.Create(settings, options.ContentRootPath);
        if (storage is SqlJobStorage own)
            own.JobLoader = JobLoader.EnvelopesOnly;
        // It belongs to no app, so all queues are shown and no class is known.
        var app = new AppIdentity("", "");
        var catalog = JobCatalog.Build([], []);
        var routing = new JobRouting(app, catalog);
        var time = options.TimeProvider;
        var filters = EnvelopeFilterProvider.Create(
            settings, catalog, JobLoader.EnvelopesOnly, routing, new RetryPolicy(settings.Retry, time), new PlainQueues(),
            static () => AppFilters.None, unknown: null, time);
        var mask = new SecretMask(options.MaskedKeys);
        return new StorageJobMonitor(
            storage, new RecurringJobs(storage, filters, JobLoader.EnvelopesOnly, time), new JobTransitions(storage, filters, time),
            catalog, app, routing,
            mask, new AuditedActions(options.Audits, mask, options.LoggerFactory.CreateLogger<AuditedActions>()), time)
        {
            OwnsStorage = true,
        };
    }

    /// <summary>Validates where a schema is, as <see cref="HangfireJobsOptions.Storage"/> is validated when an app starts.</summary>
    /// <param name="storage">The options.</param>
    /// <param name="section">The path of the options in the configuration; it begins each key in the messages.</param>
    /// <returns>One message for each fault, with the key, the value and the fix; empty when there is none.</returns>
    public static IReadOnlyList<string> Validate(HangfireJobsStorageOptions storage, string section)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(section);
        return [.. OptionRules.FaultsOf(storage, section)];
    }
}
