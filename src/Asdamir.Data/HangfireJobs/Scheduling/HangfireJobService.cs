using System.Data.Common;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Npgsql;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>
/// The app's door to its jobs: each call is checked here and carried out by <see cref="JobSender"/> or <see cref="JobControl"/>.
/// </summary>
internal sealed class HangfireJobService(
    JobStorage storage, IJobFilterProvider filters, JobCatalog catalog, JobRouting routing, JobLoader loader,
    HangfireJobsOptions settings, ContextPropagation propagation, JobMetrics metrics, TimeProvider time) : IHangfireJobService
{
    private readonly JobSender _sender = new(storage, filters, routing, metrics, settings.PriorityAging);
    private readonly JobControl _control = new(storage, filters, loader, routing, settings, time);
    private readonly JobLookup _lookup = new(storage, time);

    public JobSender Sender => _sender;

    public string Enqueue<TJob>(JobOptions? options = null) where TJob : class, IJob =>
        Send(Request(typeof(TJob), options));

    public Task<string> EnqueueAsync<TJob>(JobOptions? options = null, CancellationToken ct = default) where TJob : class, IJob =>
        SendAsync(() => Request(typeof(TJob), options), ct);

    public string Enqueue<TJob, TArgs>(TArgs args, JobOptions? options = null) where TJob : class, IJob<TArgs> =>
        Send(Request(catalog.Get(typeof(TJob)), args, options));

    public Task<string> EnqueueAsync<TJob, TArgs>(
        TArgs args, JobOptions? options = null, CancellationToken ct = default) where TJob : class,
    IJob<TArgs> =>
        SendAsync(() => Request(catalog.Get(typeof(TJob)), args, options), ct);

    public string Enqueue<TArgs>(TArgs args, JobOptions? options = null) where TArgs : notnull =>
        Send(Request(catalog.GetByArguments(typeof(TArgs)), args, options));

    public Task<string> EnqueueAsync<TArgs>(TArgs args, JobOptions? options = null, CancellationToken ct = default) where TArgs : notnull =>
        SendAsync(() => Request(catalog.GetByArguments(typeof(TArgs)), args, options), ct);

    public IReadOnlyList<string> EnqueueMany<TJob, TArgs>(IEnumerable<TArgs> args, JobOptions? options = null) where TJob : class,
    IJob<TArgs> =>
        [.. TryEnqueueMany<TJob, TArgs>(args, options).Select(static result => result.JobId)];

    public async Task<IReadOnlyList<string>> EnqueueManyAsync<TJob, TArgs>(
        IEnumerable<TArgs> args, JobOptions? options = null, CancellationToken ct = default) where TJob : class, IJob<TArgs> =>
        [.. (await TryEnqueueManyAsync<TJob, TArgs>(args, options, ct).ConfigureAwait(false)).Select(static result => result.JobId)];

    public EnqueueResult TryEnqueue<TJob>(JobOptions? options = null) where TJob : class, IJob =>
        _sender.Send(Request(typeof(TJob), options))[0];

    public Task<EnqueueResult> TryEnqueueAsync<TJob>(JobOptions? options = null, CancellationToken ct = default)
        where TJob : class, IJob =>
        TrySendAsync(() => Request(typeof(TJob), options), ct);

    public EnqueueResult TryEnqueue<TJob, TArgs>(TArgs args, JobOptions? options = null) where TJob : class, IJob<TArgs> =>
        _sender.Send(Request(catalog.Get(typeof(TJob)), args, options))[0];

    public Task<EnqueueResult> TryEnqueueAsync<TJob, TArgs>(TArgs args, JobOptions? options = null, CancellationToken ct = default)
        where TJob : class, IJob<TArgs> =>
        TrySendAsync(() => Request(catalog.Get(typeof(TJob)), args, options), ct);

    public EnqueueResult TryEnqueue<TArgs>(TArgs args, JobOptions? options = null) where TArgs : notnull =>
        _sender.Send(Request(catalog.GetByArguments(typeof(TArgs)), args, options))[0];

    public Task<EnqueueResult> TryEnqueueAsync<TArgs>(TArgs args, JobOptions? options = null, CancellationToken ct = default)
        where TArgs : notnull =>
        TrySendAsync(() => Request(catalog.GetByArguments(typeof(TArgs)), args, options), ct);

    public IReadOnlyList<EnqueueResult> TryEnqueueMany<TJob, TArgs>(IEnumerable<TArgs> args, JobOptions? options = null)
        where TJob : class, IJob<TArgs> =>
        _sender.Send(RequestMany(typeof(TJob), args, options));

    public async Task<IReadOnlyList<EnqueueResult>> TryEnqueueManyAsync<TJob, TArgs>(
        IEnumerable<TArgs> args, JobOptions? options = null, CancellationToken ct = default) where TJob : class, IJob<TArgs> =>
        await _sender.SendAsync(RequestMany(typeof(TJob), args, options), ct).ConfigureAwait(false);

    public void AddOrUpdateRecurring<TJob>(string cron, RecurringOptions? options = null) where TJob : class, IJob =>
        _control.AddOrUpdateRecurring(catalog.Get(typeof(TJob)), [], cron, options);

    public Task AddOrUpdateRecurringAsync<TJob>(
        string cron, RecurringOptions? options = null, CancellationToken ct = default) where TJob : class,
    IJob =>
        ControlAsync(control => control.AddOrUpdateRecurring(catalog.Get(typeof(TJob)), [], cron, options), ct);

    public void AddOrUpdateRecurring<TJob, TArgs>(TArgs args, string cron, RecurringOptions? options = null) where TJob : class,
    IJob<TArgs> =>
        AddOrUpdateRecurring<TJob, TArgs>(_control, args, cron, options);

    public Task AddOrUpdateRecurringAsync<TJob, TArgs>(
        TArgs args, string cron, RecurringOptions? options = null, CancellationToken ct = default) where TJob : class, IJob<TArgs> =>
        ControlAsync(control => AddOrUpdateRecurring<TJob, TArgs>(control, args, cron, options), ct);

    public bool RemoveRecurring(string id) => _control.RemoveRecurring(id);

    public Task<bool> RemoveRecurringAsync(string id, CancellationToken ct = default) =>
        ControlAsync(control => control.RemoveRecurring(id), ct);

    public string? TriggerRecurring(string id) => _control.TriggerRecurring(id);

    public Task<string?> TriggerRecurringAsync(string id, CancellationToken ct = default) =>
        ControlAsync(control => control.TriggerRecurring(id), ct);

    public bool PauseRecurring(string id, string? reason = null) => _control.PauseRecurring(id, reason);

    public Task<bool> PauseRecurringAsync(string id, string? reason = null, CancellationToken ct = default) =>
        ControlAsync(control => control.PauseRecurring(id, reason), ct);

    public bool ResumeRecurring(string id) => _control.ResumeRecurring(id);

    public Task<bool> ResumeRecurringAsync(string id, CancellationToken ct = default) =>
        ControlAsync(control => control.ResumeRecurring(id), ct);

    public JobActionResult Delete(string jobId) => _control.Delete(jobId);

    public Task<JobActionResult> DeleteAsync(string jobId, CancellationToken ct = default) =>
        ControlAsync(control => control.Delete(jobId), ct);

    public JobActionResult Requeue(string jobId) => _control.Requeue(jobId);

    public async Task<JobActionResult> RequeueAsync(string jobId, CancellationToken ct = default)
    {
        try
        {
            return await ControlAsync(control => control.Requeue(jobId), ct).ConfigureAwait(false);
        }
        catch (JobKeyTakenException exception)
        {
            return JobActionResult.Refused(jobId, exception.Message);
        }
    }

    public JobInfo? Find(string jobId) => _lookup.Find(jobId, routing.Owns);

    public Task<JobInfo?> FindAsync(string jobId, CancellationToken ct = default) => Task.Run(() => Find(jobId), ct);

    public IJobWorkflow NewWorkflow(string name)
    {
        if (JobWorkflows.FaultOfName(name) is { } fault)
            throw new ArgumentException($"The name of a workflow {fault}", nameof(name));
        return storage is IBatchingJobStorage
            ? new JobWorkflow(name, routing.App, this)
            : throw new NotSupportedException(
                $"The job storage ({storage}) has no workflows. Fix: use SQLite or PostgreSQL "
                    + $"({HangfireJobsOptions.SectionName}:Storage:Provider), or chain jobs with "
                    + $"{nameof(JobOptions)}.{nameof(JobOptions.After)}.");
    }

    public IHangfireJobService InTransaction(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (storage is not PostgreSqlJobStorage own || transaction is not NpgsqlTransaction open)
        {
            throw new NotSupportedException(
                "Jobs can join a transaction only when they are stored in PostgreSQL by this package and the transaction is an "
                + $"NpgsqlTransaction; here the storage is {storage} and the transaction {transaction.GetType().Name}. Fix: set "
                + $"{HangfireJobsOptions.SectionName}:Storage:Provider to PostgreSql, and pass the transaction of a connection to that "
                + "database.");
        }
        return new HangfireJobService(own.InTransaction(open), filters, catalog, routing, loader, settings, propagation, metrics, time);
    }

    private string Send(JobRequest request) => _sender.Send(request)[0].JobId;

    private async Task<string> SendAsync(Func<JobRequest> request, CancellationToken ct) =>
        (await TrySendAsync(request, ct).ConfigureAwait(false)).JobId;

    // What is wrong with the request is an exception of the task.
    private async Task<EnqueueResult> TrySendAsync(Func<JobRequest> request, CancellationToken ct) =>
        (await _sender.SendAsync(request(), ct).ConfigureAwait(false))[0];

    private Task<T> ControlAsync<T>(Func<JobControl, T> change, CancellationToken ct) => AwaitedCommit.ExecuteAsync(
        storage, target => change(new JobControl(target, filters, loader, routing, settings, time)), jobs: 0, reads: true, ct);

    private string AddOrUpdateRecurring<TJob, TArgs>(JobControl control, TArgs args, string cron, RecurringOptions? options)
    {
        var jobType = catalog.Get(typeof(TJob));
        return control.AddOrUpdateRecurring(jobType, Write(jobType, args), cron, options);
    }

    public JobRequest Request(Type jobType, JobOptions? options) => Request(catalog.Get(jobType), [[]], isOne: true, options);

    private JobRequest Request<TArgs>(JobDescriptor jobType, TArgs args, JobOptions? options) =>
        Request(jobType, [Write(jobType, args)], isOne: true, options);

    public JobRequest Request<TJob, TArgs>(TArgs args, JobOptions? options) where TJob : class, IJob<TArgs> =>
        Request(catalog.Get(typeof(TJob)), args, options);

    // All arguments are checked before the first job is created.
    public JobRequest RequestMany<TArgs>(Type type, IEnumerable<TArgs> args, JobOptions? options)
    {
        ArgumentNullException.ThrowIfNull(args);
        var jobType = catalog.Get(type);
        return Request(jobType, [.. args.Select(arguments => Write(jobType, arguments))], isOne: false, options);
    }

    private JobRequest Request(JobDescriptor jobType, IReadOnlyList<byte[]> arguments, bool isOne, JobOptions? options) =>
        new(jobType, arguments, isOne, options, time.GetUtcNow()) { Context = propagation.Capture(jobType.Name) };

    private byte[] Write<TArgs>(JobDescriptor jobType, TArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return jobType.Invoker.Write(args, jobType.Name, settings.MaxArgumentsBytes);
    }
}
