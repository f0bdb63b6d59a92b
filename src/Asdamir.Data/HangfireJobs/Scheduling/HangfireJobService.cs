using System.Data.Common;
using System.Diagnostics;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>Writes the app's runs and recurring jobs. Everything it creates is an envelope on the app's queue.</summary>
internal sealed class HangfireJobService(
    JobStorage storage, IJobFilterProvider filters, JobCatalog catalog, JobRouting routing, JobTransitions moves,
    OwnRecurringJobs recurring, JobLoader loader, JobLookup runs, HangfireJobsOptions options, JobMetrics metrics, TimeProvider time) : IHangfireJobService
{
    // The largest values stand for a mistake, or for never, which no scheduled job can wait for.
    private static readonly DateTimeOffset LatestTime = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly BackgroundJobFactory _factory = new(filters);

    public string Enqueue<TJob>() where TJob : class, IJob =>
        Create(catalog.Get(typeof(TJob)), [], new EnqueuedState());

    public string Enqueue<TJob, TArgs>(TArgs args) where TJob : class, IJob<TArgs> =>
        Create(catalog.Get(typeof(TJob)), args, new EnqueuedState());

    public IReadOnlyList<string> EnqueueMany<TJob, TArgs>(IEnumerable<TArgs> args) where TJob : class, IJob<TArgs>
    {
        ArgumentNullException.ThrowIfNull(args);
        var job = catalog.Get(typeof(TJob));
        using var trace = JobTrace.StartEnqueue(job.Name, routing.QueueOf(job));
        // All arguments are checked before the first job is created.
        List<Job> envelopes = [.. args.Select(arguments => Wrap(job, Write(job, arguments), Activity.Current))];
        if (envelopes.Count == 0)
            return [];

        // A job without a state is invisible and expires, so the one commit that gives all of them their state
        // is what enqueues them: all or none.
        using var connection = storage.GetConnection();
        // Before the jobs: it is given up when one of them cannot be created, and they with it.
        using var transaction = connection.CreateWriteTransaction();
        List<BackgroundJob> created = [.. envelopes.Select(envelope => Create(connection, job, envelope, state: null))];
        foreach (var run in created)
            _factory.StateMachine.ApplyState(new ApplyStateContext(storage, connection, transaction, run, new EnqueuedState(), oldStateName: null));
        transaction.Commit();
        metrics.Sent(job.Name, routing.QueueOf(job), created.Count);
        return [.. created.Select(run => run.Id)];
    }

    public string Schedule<TJob>(TimeSpan delay) where TJob : class, IJob =>
        Create(catalog.Get(typeof(TJob)), [], At(delay));

    public string Schedule<TJob, TArgs>(TArgs args, TimeSpan delay) where TJob : class, IJob<TArgs> =>
        Create(catalog.Get(typeof(TJob)), args, At(delay));

    public string Schedule<TJob>(DateTimeOffset at) where TJob : class, IJob =>
        Create(catalog.Get(typeof(TJob)), [], At(at));

    public string Schedule<TJob, TArgs>(TArgs args, DateTimeOffset at) where TJob : class, IJob<TArgs> =>
        Create(catalog.Get(typeof(TJob)), args, At(at));

    public string ContinueWith<TJob>(string parentJobId, ContinueOn condition = ContinueOn.Success) where TJob : class, IJob =>
        Create(catalog.Get(typeof(TJob)), [], After(parentJobId, condition));

    public string ContinueWith<TJob, TArgs>(string parentJobId, TArgs args, ContinueOn condition = ContinueOn.Success) where TJob : class, IJob<TArgs> =>
        Create(catalog.Get(typeof(TJob)), args, After(parentJobId, condition));

    public void AddOrUpdateRecurring<TJob>(string cron, string? id = null, string timeZone = "UTC", MisfirePolicy misfire = MisfirePolicy.RunOnce)
        where TJob : class, IJob =>
        recurring.AddOrUpdate(catalog.Get(typeof(TJob)), [], cron, id, timeZone, misfire);

    public void AddOrUpdateRecurring<TJob, TArgs>(
        string cron, TArgs args, string? id = null, string timeZone = "UTC", MisfirePolicy misfire = MisfirePolicy.RunOnce)
        where TJob : class, IJob<TArgs>
    {
        var job = catalog.Get(typeof(TJob));
        recurring.AddOrUpdate(job, Write(job, args), cron, id, timeZone, misfire);
    }

    public bool RemoveRecurring(string id) => recurring.Remove(id);

    public string? TriggerRecurring(string id) => recurring.Trigger(id);

    public bool PauseRecurring(string id, string? reason = null) => recurring.Pause(id, reason);

    public bool ResumeRecurring(string id) => recurring.Resume(id);

    public JobActionResult Delete(string jobId) => moves.Delete(jobId, "Deleted by the app", routing.Owns);

    public JobActionResult Requeue(string jobId) => moves.Requeue(jobId, "Requeued by the app", routing.Owns);

    public JobInfo? Find(string jobId) => runs.Find(jobId, routing.Owns);

    public IHangfireJobService InTransaction(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (storage is not PostgreSqlJobStorage own || transaction is not NpgsqlTransaction open)
        {
            throw new NotSupportedException(
                $"Jobs can join a transaction only when they are stored in PostgreSQL by this package and the transaction is an NpgsqlTransaction; here the storage is {storage} and the transaction {transaction.GetType().Name}. " +
                $"Fix: set {HangfireJobsOptions.SectionName}:Storage:Provider to PostgreSql, and pass the transaction of a connection to that database.");
        }
        var joined = own.InTransaction(open);
        return new HangfireJobService(
            joined, filters, catalog, routing, new JobTransitions(joined, filters, time), new OwnRecurringJobs(new RecurringJobs(joined, filters, loader, time), routing, time), loader,
            new JobLookup(joined, time), options, metrics, time);
    }

    private string Create<TArgs>(JobDescriptor job, TArgs args, IState state) => Create(job, Write(job, args), state);

    private string Create(JobDescriptor job, byte[] argsJson, IState state)
    {
        using var trace = JobTrace.StartEnqueue(job.Name, routing.QueueOf(job));
        using var connection = storage.GetConnection();
        var run = Create(connection, job, Wrap(job, argsJson, Activity.Current), state);
        trace?.SetTag("messaging.message.id", run.Id);
        metrics.Sent(job.Name, routing.QueueOf(job));
        return run.Id;
    }

    private BackgroundJob Create(IStorageConnection connection, JobDescriptor job, Job envelope, IState? state) =>
        _factory.Create(new CreateContext(storage, connection, envelope, state))
            ?? throw new InvalidOperationException($"A client filter on job '{job.Name}' cancelled the creation of the job.");

    private AwaitingState After(string parentJobId, ContinueOn condition)
    {
        ArgumentNullException.ThrowIfNull(parentJobId);
        if (!Enum.IsDefined(condition))
            throw new ArgumentOutOfRangeException(nameof(condition), condition, $"The condition must be one of {string.Join(", ", Enum.GetNames<ContinueOn>())}.");
        return Find(parentJobId) is null
            ? throw new ArgumentException($"There is no job '{parentJobId}' to continue.", nameof(parentJobId))
            : new AwaitingState(parentJobId, new EnqueuedState(), condition == ContinueOn.AnyEnd ? JobContinuationOptions.OnAnyFinishedState : JobContinuationOptions.OnlyOnSucceededState);
    }

    private ScheduledState At(TimeSpan delay)
    {
        var now = time.GetUtcNow();
        return delay < TimeSpan.Zero ? new ScheduledState(now.UtcDateTime)
            : delay <= LatestTime - now ? new ScheduledState((now + delay).UtcDateTime)
            : throw new ArgumentOutOfRangeException(
                nameof(delay), delay, $"A job can be scheduled up to {LatestTime:u}, so the longest delay now is {LatestTime - now:c}.");
    }

    // Hangfire's scheduler looks at no time before 1970, so such a job would never start: any time in the past is now.
    private ScheduledState At(DateTimeOffset at)
    {
        if (at > LatestTime)
            throw new ArgumentOutOfRangeException(nameof(at), at, $"A job can be scheduled up to {LatestTime:u}.");
        var now = time.GetUtcNow();
        return new ScheduledState((at < now ? now : at).UtcDateTime);
    }

    private byte[] Write<TArgs>(JobDescriptor job, TArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return job.Invoker.Write(args, job.Name, options.MaxArgumentsBytes);
    }

    private Job Wrap(JobDescriptor job, byte[] argsJson, Activity? trace) =>
        JobEnvelope.Wrap(job.Name, JobPayload.Write(argsJson, trace), routing.StoredQueueOf(job));
}
