using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Clock;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.Server;
using Hangfire.Storage;

namespace Asdamir.Data.Storage;

/// <summary>
/// The common base of <see cref="SqliteJobStorage"/> and <see cref="PostgreSqlJobStorage"/>. Create one for each process and
/// dispose it at the end, which releases its claimed jobs at once; otherwise they are released after the lease timeout.
/// </summary>
public abstract class SqlJobStorage : JobStorage, IBatchingJobStorage, IClaimingJobStorage, IJobClock, IJobSearch, IJobMetadata,
    IJobPauses, IJobLimits, IJobWorkflows, IDisposable
{
    private static readonly HashSet<string> Features =
    [
        JobStorageFeatures.JobQueueProperty,
        JobStorageFeatures.ExtendedApi,
        JobStorageFeatures.ProcessesInsteadOfComponents,
        JobStorageFeatures.Connection.GetUtcDateTime,
        JobStorageFeatures.Connection.GetSetContains,
        JobStorageFeatures.Connection.LimitedGetSetCount,
        JobStorageFeatures.Connection.BatchedGetFirstByLowest,
        JobStorageFeatures.Transaction.AcquireDistributedLock,
        JobStorageFeatures.Transaction.CreateJob,
        JobStorageFeatures.Transaction.SetJobParameter,
        JobStorageFeatures.Transaction.RemoveFromQueue(typeof(FetchedJob)),
        JobStorageFeatures.Transaction.RemoveFromQueue(typeof(DispatchedJob)),
        JobStorageFeatures.Monitoring.DeletedStateGraphs,
        JobStorageFeatures.Monitoring.AwaitingJobs,
    ];

    private readonly Lock _gate = new();
    private readonly Lock _openingGate = new();
    private readonly JobDatabase _database;
    private readonly EngineSettings _settings;
    private readonly JobSettings _jobs;
    private OpenStorage? _open;
    private Task<OpenStorage>? _opening;
    private bool _disposed;

    private protected SqlJobStorage((JobDatabase Database, EngineSettings Settings, JobSettings Jobs) parts) =>
        (_database, _settings, _jobs) = parts;

    /// <summary>
    /// Sets job names and retention where the options of this storage have their default values.
    /// For frameworks on top of Hangfire that receive a storage; call it before the storage is used.
    /// </summary>
    /// <param name="jobName">Returns the name of a job.</param>
    /// <param name="retention">How long finished jobs are kept.</param>
    public void UseDefaults(Func<Job, string> jobName, JobRetention retention)
    {
        ArgumentNullException.ThrowIfNull(jobName);
        ArgumentNullException.ThrowIfNull(retention);
        _jobs.UseName(jobName);
        _database.UseRetention(retention);
    }

    /// <summary>
    /// Decides which stored jobs this process loads. The default value is <see langword="null"/>: every job whose types it finds, as
    /// Hangfire does. Set it before the storage is used.
    /// </summary>
    public IJobLoader? JobLoader
    {
        get => _jobs.Loader;
        set => _jobs.Loader = value;
    }

    /// <summary>How soon the clock reads without a wake-up. Set it before the storage is used.</summary>
    internal ClockPace ClockPace
    {
        get => _settings.ClockPace;
        set => _settings.ClockPace = value;
    }

    /// <summary>Reads see all earlier commits.</summary>
    public override bool LinearizableReads => true;

    /// <inheritdoc/>
    /// <exception cref="JobStorageUnavailableException">The database is unreachable at the first use.</exception>
    public override IStorageConnection GetConnection() => OpenStorage.Connect();

    /// <inheritdoc/>
    public async Task<JobBatch> CreateBatchAsync(int jobs, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(jobs);
        cancellationToken.ThrowIfCancellationRequested();
        var open = await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var ids = await open.Engine.Ids.NextAsync(jobs, cancellationToken).ConfigureAwait(false);
        return new JobBatch(this, open, _database, open.Engine, ids, open.Engine.WriteAsync);
    }

    /// <inheritdoc/>
    public IJobClaims OpenClaims(IReadOnlyList<string> queues, string serverId)
    {
        StorageConnection.CheckQueues(queues, nameof(queues));
        ArgumentException.ThrowIfNullOrEmpty(serverId);
        return new JobClaims(
            OpenStorage, [.. queues.Select(StorableText.Of).Distinct(StringComparer.Ordinal)], StorableText.Of(serverId));
    }

    /// <inheritdoc/>
    /// <exception cref="JobStorageUnavailableException">The database is unreachable at the first use.</exception>
    public override IMonitoringApi GetMonitoringApi() => new StorageMonitor(OpenStorage);

    /// <inheritdoc/>
    public override IEnumerable<IBackgroundProcess> GetStorageWideProcesses() => [new UpkeepProcess(() => Engine)];

    /// <inheritdoc/>
    public override bool HasFeature(string featureId)
    {
        ArgumentNullException.ThrowIfNull(featureId);
        return Features.Contains(featureId);
    }

    /// <inheritdoc/>
    public override void WriteOptionsToLog(ILog logger)
    {
        ArgumentNullException.ThrowIfNull(logger);
        logger.Info(
            $"Job storage: {_database.Description}. Jobs of a suspended process return to their queues after {_settings.LeaseTimeout}.");
    }

    /// <inheritdoc/>
    public void WaitUntilDue(DueJobs jobs, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(jobs))
            throw new ArgumentOutOfRangeException(nameof(jobs), jobs, $"It must be {DueJobs.Delayed} or {DueJobs.Recurring}.");
        Engine.Clock.WaitUntilDue(jobs, cancellationToken);
    }

    /// <inheritdoc/>
    public int EnqueueDelayedJobs() => Engine.EnqueueDelayedJobs();

    /// <inheritdoc/>
    public JobPage Find(JobQuery query) => new JobSearch(Open()).Find(query);

    /// <inheritdoc/>
    public long Count(JobQuery query, int limit) => new JobSearch(Open()).Count(query, limit);

    /// <inheritdoc/>
    public void DeclareLimits(string queue, IReadOnlyCollection<JobLimitRule> rules) => new LimitRules(Engine).Declare(queue, rules);

    /// <inheritdoc/>
    public bool ChangeLimit(string queue, string name, int? maxRunning, string by, string? reason, JobRate? rate = null) =>
        new LimitRules(Engine).Change(queue, name, maxRunning, rate, by, reason);

    /// <inheritdoc/>
    public IReadOnlyList<JobLimitStatus> Limits(string? queue = null) => new LimitRules(Engine).List(queue);

    /// <inheritdoc/>
    public JobWorkflowStatus? FindWorkflow(string id) => new Workflows(Engine).Find(id);

    /// <inheritdoc/>
    public IReadOnlyList<JobWorkflowStatus> ListWorkflows(string? queue = null, string? before = null, int count = 50) =>
        new Workflows(Engine).List(queue, before, count);

    /// <inheritdoc/>
    public IReadOnlyList<JobWorkflowMember> WorkflowMembers(string id, string? after = null, int count = 100) =>
        new Workflows(Engine).Members(id, after, count);

    /// <inheritdoc/>
    public IReadOnlyList<JobWorkflowEdge> WorkflowEdges(IReadOnlyCollection<string> jobIds, int count) =>
        new Workflows(Engine).Edges(jobIds, count);

    /// <inheritdoc/>
    public IReadOnlyList<JobWorkflowParent> WorkflowParents(string jobId) => new Workflows(Engine).Parents(jobId);

    /// <inheritdoc/>
    public IReadOnlyList<string>? CancelWorkflow(string id, string by, string? reason = null) =>
        new Workflows(Engine).Cancel(id, by, reason);

    /// <inheritdoc/>
    public IReadOnlyList<QueueDepth> Queues() => new JobSearch(Open()).Queues(Engine.Counts);

    /// <inheritdoc/>
    public IReadOnlyList<ServerRecord> Servers() => JobSearch.ServersOf(Open());

    /// <inheritdoc/>
    public IReadOnlyList<JobFailures> TopFailures(string? queue, DateTimeOffset from, int size) =>
        new JobSearch(Open()).TopFailures(queue, from, size);

    /// <inheritdoc/>
    public JobFailureGroups FailureGroups(string? queue, DateTimeOffset from, int size) =>
        new JobSearch(Open()).FailureGroups(queue, from, size);

    /// <inheritdoc/>
    public IReadOnlyList<RecurringJobItem> RecurringJobs() => Contract.RecurringJobs.All(Open(), JobLoader);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> Counters(IReadOnlyCollection<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return CounterTable.Values(Open(), [.. keys]);
    }

    /// <inheritdoc/>
    public JobPause Pause(JobPauseKind kind, string name, string? reason = null, string? by = null, DateTimeOffset? until = null) =>
        new JobPauses(Engine).Put(kind, name, reason, by, until);

    /// <inheritdoc/>
    public bool EndPause(JobPauseKind kind, string name) => new JobPauses(Engine).Remove(kind, name);

    /// <inheritdoc/>
    public IReadOnlyList<JobPause> Pauses() => PauseTable.All(Open());

    /// <inheritdoc/>
    public void WriteMetadata(string jobId, IReadOnlyDictionary<string, string> notes)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        ArgumentNullException.ThrowIfNull(notes);
        if (!JobIds.TryParse(jobId, out var id))
            return;
        var set = JobNotes.SetOf(id, notes);
        if (!set.IsEmpty)
            Engine.Ends.WriteMetadata(id, set);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> ReadMetadata(string jobId, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(jobId);
        ArgumentNullException.ThrowIfNull(prefix);
        if (!JobIds.TryParse(jobId, out var id))
            return new Dictionary<string, string>();
        return MetadataTable.Of(Open(), id, StorableText.Of(prefix));
    }

    /// <summary>Its location; contains no secret.</summary>
    public override string ToString() => _database.Description;

    /// <summary>Releases the claims, locks and connections of this process.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the claims, locks and connections of this process.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (!disposing || _disposed)
                return;
            _disposed = true;
            if (_open is { } open)
                open.Engine.Dispose();
            else
                _database.Dispose();
        }
    }

    internal static string DefaultName(Job job) => $"{job.Type.Name}.{job.Method.Name}";

    private protected JobDatabase Database => _database;

    private StorageEngine Engine => OpenStorage.Engine;

    /// <summary>Opened at the first use; after a failure the next call retries.</summary>
    private protected OpenStorage OpenStorage
    {
        get
        {
            if (Volatile.Read(ref _open) is { } open)
                return open;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_open is null)
                {
                    _database.Migrate();
                    Volatile.Write(ref _open, new OpenStorage(this, new StorageEngine(_database, _settings), _jobs));
                }
                return _open!;
            }
        }
    }

    // One thread opens it, however many callers wait.
    private Task<OpenStorage> OpenAsync()
    {
        if (Volatile.Read(ref _open) is { } open)
            return Task.FromResult(open);
        lock (_openingGate)
        {
            if (_opening is null or { IsCompleted: true })
                _opening = Detached.Start(() => Task.Run(() => OpenStorage));
            return _opening;
        }
    }

    private JobDatabase Open()
    {
        _ = OpenStorage;
        return _database;
    }
}
