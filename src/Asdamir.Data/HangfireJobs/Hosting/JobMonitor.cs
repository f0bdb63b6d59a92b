using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// All that an operator's console asks of one schema, of all its apps: it reads and acts, and hosts no server. Creating
/// it opens nothing. It neither creates nor updates tables: that is up to the apps.
/// </summary>
internal sealed class JobMonitor : IDisposable
{
    private readonly JobStorage _storage;

    /// <param name="options">Where the schema is.</param>
    /// <param name="folder">Where relative files start.</param>
    /// <param name="mask">What is hidden.</param>
    public JobMonitor(HangfireJobsStorageOptions options, string folder, SecretMask mask, TimeProvider time)
    {
        var settings = new HangfireJobsOptions();
        settings.Storage = new HangfireJobsStorageOptions
        {
            Provider = options.Provider,
            ConnectionString = options.ConnectionString,
            Schema = options.Schema,
            PrepareStatements = options.PrepareStatements,
            MaxConnections = options.MaxConnections,
            Migrate = false,
        };
        _storage = StorageFactory.Create(settings, folder);
        if (_storage is SqlJobStorage own)
            own.JobLoader = JobLoader.EnvelopesOnly;
        // Of no app: all queues are shown, and no class is known.
        var (app, catalog) = (new AppIdentity("", ""), JobCatalog.Build([], []));
        var routing = new JobRouting(app, catalog);
        var filters = EnvelopeFilterProvider.Create(
            settings, catalog, JobLoader.EnvelopesOnly, routing, new RetryPolicy(settings.Retry), new PlainQueues(), static () => AppFilters.None, unknown: null, time);
        var recurring = new RecurringJobs(_storage, filters, JobLoader.EnvelopesOnly, time);
        var moves = new JobTransitions(_storage, filters, time);
        Runs = new JobListReader(_storage, mask);
        Details = new JobDetailsReader(_storage, mask, time);
        Recurring = new RecurringJobsReader(_storage, recurring, catalog, app, routing, mask);
        Queues = new QueuesReader(_storage);
        Servers = new ServersReader(_storage);
        History = new HistoryReader(_storage, time);
        Failures = new FailuresReader(_storage, Runs);
        Requeue = new RequeueAction(Runs, moves);
        Delete = new DeleteAction(Runs, moves);
        Trigger = new TriggerAction(recurring);
        Pause = new PauseAction(recurring);
        Resume = new ResumeAction(recurring);
    }

    public JobListReader Runs { get; }

    public JobDetailsReader Details { get; }

    public RecurringJobsReader Recurring { get; }

    public QueuesReader Queues { get; }

    public ServersReader Servers { get; }

    public HistoryReader History { get; }

    public FailuresReader Failures { get; }

    public RequeueAction Requeue { get; }

    public DeleteAction Delete { get; }

    public TriggerAction Trigger { get; }

    public PauseAction Pause { get; }

    public ResumeAction Resume { get; }

    public void Dispose() => (_storage as IDisposable)?.Dispose();
}
