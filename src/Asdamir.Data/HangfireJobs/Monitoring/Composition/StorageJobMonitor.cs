using System.Reflection;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;
using Asdamir.Data.HangfireJobs.Monitoring.Preflight;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Composition;

/// <summary>Monitoring of a storage: the only place where its readers and actions are put together.</summary>
internal sealed class StorageJobMonitor(
    JobStorage storage, RecurringJobs recurring, JobTransitions transitions, JobCatalog catalog, AppIdentity app, JobRouting routing,
    SecretMask mask,
    AuditedActions audited, TimeProvider time) : IJobMonitor
{
    private const int MaxPage = 1_000;
    private const int MaxCount = 1_000_000;

    private readonly JobListReader _jobs = new(storage, mask);
    private readonly PausesReader _pauses = new(storage, mask);
    private readonly RecurringJobsReader _recurring = new(
        storage, recurring, new PausesReader(storage, mask), catalog, app, routing, mask, time);
    private readonly LimitsReader _limits = new(storage, mask);
    private readonly WorkflowsReader _workflows = new(storage, mask);
    private readonly HistoryReader _history = new(storage, time);
    private readonly Operations _operations = new(mask);
    private JobDetailsReader? _details;
    private QueuesReader? _queues;
    private FailuresReader? _failures;
    private ActionRunner? _runner;

    /// <summary>Whether the storage is closed with the monitor.</summary>
    public bool OwnsStorage { get; init; }

    /// <summary>The queues of the whole schema, for the watch on queues without a server.</summary>
    public QueuesReader Queues => _queues ??= new QueuesReader(storage, Servers, _pauses);

    /// <summary>The servers of the whole schema, for the watch on queues without a server.</summary>
    public ServersReader Servers { get; } = new(storage, time);

    public string? App => app.IsIsolated ? app.Queue : null;

    public IReadOnlyCollection<JobOperation> Operations => _operations.All;

    private JobDetailsReader Details => _details ??= new JobDetailsReader(storage, Queues, mask, time);

    private FailuresReader Failures => _failures ??= new FailuresReader(storage, _jobs, mask);

    private ActionRunner Runner =>
        _runner ??= new ActionRunner(
            _jobs, transitions, recurring, storage, Queues, new LimitAction(storage), new WorkflowAction(storage, transitions),
            queue => !app.IsIsolated || routing.Owns(queue));

    public Task<JobStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(() => new StatisticsReader(storage).Read(), cancellationToken);

    public Task<JobListing> GetJobsAsync(
        JobListFilter filter, int size, string? after = null, CancellationToken cancellationToken = default)
    {
        var scoped = Scope(filter);
        CheckRange(nameof(size), size, MaxPage);
        return ReadAsync(() => _jobs.Source.Find(scoped, after, size), cancellationToken);
    }

    public Task<long> CountJobsAsync(JobListFilter filter, int limit, CancellationToken cancellationToken = default)
    {
        var scoped = Scope(filter);
        CheckRange(nameof(limit), limit, MaxCount);
        return ReadAsync(() => _jobs.Source.Count(scoped, limit), cancellationToken);
    }

    public Task<IReadOnlyDictionary<JobState, long>> CountJobsByStateAsync(
        JobListFilter filter, int limit, CancellationToken cancellationToken = default)
    {
        var scoped = Scope(filter);
        CheckRange(nameof(limit), limit, MaxCount);
        return ReadAsync<IReadOnlyDictionary<JobState, long>>(
            () =>
                Enum.GetValues<JobState>()
                    .ToDictionary(static state => state, state => _jobs.Source.Count(scoped with { State = state }, limit)),
            cancellationToken);
    }

    public Task<JobDetails?> FindJobAsync(string id, string? app = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var scope = Scope(app);
        return ReadAsync(() => Details.Read(id, scope), cancellationToken);
    }

    public Task<IReadOnlyList<JobLogLine>?> GetJobLogAsync(string id, string? app = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var scope = Scope(app);
        return ReadAsync(() => Details.ReadLog(id, scope), cancellationToken);
    }

    public Task<IReadOnlyList<RecurringJobDetails>> GetRecurringJobsAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(_recurring.ReadAll, cancellationToken);

    public Task<IReadOnlyList<LateRecurringJobs>> GetLateRecurringJobsAsync(
        string? app = null, CancellationToken cancellationToken = default)
    {
        var scope = Scope(app);
        return ReadAsync(() => _recurring.ReadLate(scope), cancellationToken);
    }

    public Task<RecurringJobDetails?> FindRecurringJobAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return ReadAsync(() => _recurring.Read(id), cancellationToken);
    }

    public Task<IReadOnlyList<QueueSummary>> GetQueuesAsync(string? app = null, CancellationToken cancellationToken = default)
    {
        var scope = Scope(app);
        return ReadAsync(() => Queues.Read(scope), cancellationToken);
    }

    public Task<IReadOnlyList<LimitSummary>> GetLimitsAsync(string? app = null, CancellationToken cancellationToken = default)
    {
        var scope = Scope(app);
        return ReadAsync(() => _limits.Read(scope), cancellationToken);
    }

    public Task<IReadOnlyList<WorkflowSummary>> GetWorkflowsAsync(
        int size, string? before = null, string? app = null, CancellationToken cancellationToken = default)
    {
        var scope = Scope(app);
        CheckRange(nameof(size), size, MaxPage);
        return ReadAsync(() => _workflows.Read(scope, before, size), cancellationToken);
    }

    public Task<WorkflowDetails?> FindWorkflowAsync(
        string id, int size, string? after = null, string? app = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var scope = Scope(app);
        CheckRange(nameof(size), size, MaxPage);
        return ReadAsync(() => _workflows.Find(id, scope, after, size), cancellationToken);
    }

    public Task<IReadOnlyList<ServerSummary>> GetServersAsync(string? app = null, CancellationToken cancellationToken = default)
    {
        var scope = Scope(app);
        return ReadAsync(() => Servers.Read(scope), cancellationToken);
    }

    public Task<IReadOnlyList<HistoryPoint>> GetHistoryAsync(
        HistoryStep unit, int count, string? app = null, CancellationToken cancellationToken = default)
    {
        var scope = Scope(app);
        CheckRange(nameof(count), count, unit == HistoryStep.Hour ? HistoryReader.MaxHours : HistoryReader.MaxMinutes);
        return ReadAsync(() => unit == HistoryStep.Hour ? _history.Hours(scope, count) : _history.Minutes(scope, count), cancellationToken);
    }

    public Task<IReadOnlyList<JobFailures>> GetFailuresAsync(
        DateTimeOffset from, int size, string? app = null, CancellationToken cancellationToken = default)
    {
        var scope = Scope(app);
        CheckRange(nameof(size), size, 100);
        return ReadAsync(() => Failures.Read(scope, from, size), cancellationToken);
    }

    public Task<JobFailureGroups> GetFailureGroupsAsync(
        DateTimeOffset from, int size, string? app = null, CancellationToken cancellationToken = default)
    {
        var scope = Scope(app);
        CheckRange(nameof(size), size, 100);
        return ReadAsync(() => Failures.ReadGroups(scope, from, size), cancellationToken);
    }

    public Task<JobDiagnosis> DiagnoseAsync(
        JobDiagnosisOptions? options = null, string? app = null, CancellationToken cancellationToken = default)
    {
        var scope = Scope(app);
        var diagnosis = new SchemaDiagnosis(storage, recurring, _recurring, _pauses, _limits, Queues, Servers, mask, time);
        return ReadAsync(() => diagnosis.Run(options ?? new JobDiagnosisOptions(), scope, cancellationToken), cancellationToken);
    }

    public Task<JobPreflight> PreflightAsync(
        IReadOnlyList<Assembly> build, JobPreflightOptions? options = null, string? app = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        if (build.Count == 0)
            throw new ArgumentException("The build has no assembly. Fix: name the assembly of the app.", nameof(build));
        var scope = Scope(app);
        var preflight = new BuildPreflight(storage, recurring, mask, time);
        return ReadAsync(() => preflight.Run(build, options ?? new JobPreflightOptions(), scope, cancellationToken), cancellationToken);
    }

    public Task<JobActionResult> ExecuteAsync(
        JobActionRequest request, IProgress<JobActionResult>? progress = null, CancellationToken cancellationToken = default)
    {
        var work = Runner.Prepare(Scope(request));
        return ExecuteAsync(request, ActionOf(request), work, progress, cancellationToken);
    }

    public JobOperation Start(JobActionRequest request, CancellationToken cancellationToken = default)
    {
        var work = Runner.Prepare(Scope(request));
        var action = ActionOf(request);
        return _operations.Start(action, progress => ExecuteAsync(request, action, work, progress, cancellationToken));
    }

    public JobOperation? FindOperation(Guid id) => _operations.Find(id);

    public void Dispose()
    {
        if (OwnsStorage)
            (storage as IDisposable)?.Dispose();
    }

    private Task<JobActionResult> ExecuteAsync(
        JobActionRequest request, JobAction action, ActionRunner.Work work, IProgress<JobActionResult>? progress,
        CancellationToken cancellationToken) =>
        audited.DoAsync(
            action, request.Audit, name => work(request.Filter is null ? null : name, mask.Of(progress), cancellationToken),
            cancellationToken);

    private JobAction ActionOf(JobActionRequest request) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = request.Kind,
        Target = request.Target
            ?? request.RecurringJobId
            ?? QueueOf(request)
            ?? (request.Limit is { } limit ? LimitAction.TargetOf(limit, request.MaxRunning, request.Rate) : null)
            ?? request.WorkflowId
            ?? request.Filter?.ToString()
            ?? string.Join(' ', request.Jobs!.Select(static job => job.Id)),
        Reason = mask.Of(request.Reason),
        User = request.User,
        Address = request.Address,
        TraceId = request.TraceId,
        At = time.GetUtcNow(),
    };

    private static string? QueueOf(JobActionRequest request) =>
        request is { Queue: { } queue, Until: { } until } ? $"{queue} until {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : request.Queue;

    private static Task<T> ReadAsync<T>(Func<T> read, CancellationToken cancellationToken) =>
        DedicatedThread.RunAsync(read, cancellationToken).WaitAsync(cancellationToken);

    private JobActionRequest Scope(JobActionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Filter is { } filter ? request with { Filter = Scope(filter) } : request;
    }

    private JobListFilter Scope(JobListFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return filter with { App = Scope(filter.App) };
    }

    // An app that has its own queue does not see other apps.
    private string? Scope(string? wanted) =>
        App is null || wanted is null || wanted == App ? App ?? wanted
        : throw new ArgumentException($"App = '{wanted}' is not shown here. Fix: ask for '{App}', or leave the app out.", nameof(wanted));

    private static void CheckRange(string name, int value, int most)
    {
        if (value < 1 || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} = {value} is out of range. Fix: use a number from 1 to {most}.");
    }
}
