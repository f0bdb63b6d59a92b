using System.Diagnostics;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>Creates jobs. Each is an envelope on the app's queue.</summary>
internal sealed class JobSender(
    JobStorage storage, IJobFilterProvider filters, JobRouting routing, JobMetrics metrics, TimeSpan priorityAging)
{
    private readonly BackgroundJobFactory _factory = new(filters);

    /// <returns>The jobs in the order of the request.</returns>
    /// <exception cref="ArgumentException">They wait for a job that this app does not have.</exception>
    /// <exception cref="NotSupportedException">They have keys or a place in the queue that the storage does not observe.</exception>
    public IReadOnlyList<EnqueueResult> Send(JobRequest request)
    {
        using var trace = StartTrace(request);
        return Sent(request, trace, Create(storage, request));
    }

    /// <inheritdoc cref="Send"/>
    public async Task<IReadOnlyList<EnqueueResult>> SendAsync(JobRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var trace = StartTrace(request);
        var created = await AwaitedCommit.ExecuteAsync(
            storage, target => Create(target, request), request.Arguments.Count, reads: request.Options?.After is not null,
            cancellationToken).ConfigureAwait(false);
        return Sent(request, trace, created);
    }

    /// <summary>Stores a workflow with all its jobs.</summary>
    /// <returns>Its id, and those of its jobs in their order.</returns>
    /// <exception cref="NotSupportedException">They have a place in the queue that the storage does not observe.</exception>
    public async Task<(string Id, IReadOnlyList<string> JobIds)> SendAsync(WorkflowRequest workflow, CancellationToken cancellationToken)
    {
        using var trace = JobTrace.StartEnqueue(workflow.Name, workflow.App);
        var stored = await AwaitedCommit.ExecuteAsync(
            storage, target => Create((JobBatch)target, workflow), workflow.Members + 2, reads: false, cancellationToken)
            .ConfigureAwait(false);
        foreach (var part in workflow.Parts)
            metrics.Sent(part.Jobs.JobType.Name, routing.QueueOf(part.Jobs.JobType), part.Jobs.Arguments.Count);
        metrics.WorkflowSent(workflow.App);
        return stored;
    }

    private (string Id, IReadOnlyList<string> JobIds) Create(JobBatch batch, WorkflowRequest workflow)
    {
        var id = batch.AddWorkflow(workflow.App, workflow.Name);
        List<string> ids = new(workflow.Members);
        using var connection = batch.GetConnection();
        // Before the jobs, as for many jobs of one type.
        using var transaction = connection.CreateWriteTransaction();
        List<(BackgroundJob Job, IState State)> jobs = new(workflow.Members + 1);
        foreach (var part in workflow.Parts)
        {
            part.Jobs.WorkflowId = id;
            string[] parents = [.. part.Parents.Select(place => ids[place])];
            for (var i = 0; i < part.Jobs.Arguments.Count; i++)
            {
                var job = Create(batch, connection, part.Jobs, i, state: null);
                jobs.Add((job, parents.Length > 0 ? new WorkflowWaitingState(id, parents.Length) : part.Jobs.NewState()));
                batch.AddToWorkflow(id, job.Id, parents, part.Condition);
                ids.Add(job.Id);
            }
        }
        if (workflow.OnFinished is { } last)
        {
            last.WorkflowId = id;
            var job = Create(batch, connection, last, index: 0, state: null);
            jobs.Add((job, new WorkflowWaitingState(id, workflow.Members)));
            batch.SetWorkflowEnd(id, job.Id);
        }
        foreach (var (job, state) in jobs)
            _factory.StateMachine.ApplyState(new ApplyStateContext(batch, connection, transaction, job, state, oldStateName: null));
        transaction.Commit();
        return (id, ids);
    }

    private Activity? StartTrace(JobRequest request)
    {
        if (request.Keys.Any && storage is not IBatchingJobStorage)
        {
            throw new NotSupportedException(
                $"A job of type '{request.JobType.Name}' has a key, and the job storage ({storage}) does not observe keys. Fix: use SQLite "
                + $"or PostgreSQL ({HangfireJobsOptions.SectionName}:Storage:Provider), or enqueue it without a key.");
        }
        if (request.Place.Needs is { } needs && storage is not IBatchingJobStorage)
        {
            throw new NotSupportedException(
                $"A job of type '{request.JobType.Name}' has {needs}, and the job storage ({storage}) does not observe it. Fix: use SQLite "
                + $"or PostgreSQL ({HangfireJobsOptions.SectionName}:Storage:Provider), or enqueue it without.");
        }
        return request.Arguments.Count > 0 ? JobTrace.StartEnqueue(request.JobType.Name, routing.QueueOf(request.JobType)) : null;
    }

    // After the commit, which decides about keys.
    private List<EnqueueResult> Sent(JobRequest request, Activity? trace, CreatedJobs created)
    {
        var results = created.Ids.ConvertAll(id =>
            created.Keys?.FindKeyHolder(id) is { } holder
                ? new EnqueueResult { JobId = holder, Existed = true, Replaced = created.Keys.HasReplaced(id) }
                : new EnqueueResult { JobId = id });
        if (results is [var one])
            trace?.SetTag("messaging.message.id", one.JobId);
        Count(request, results);
        return results;
    }

    private void Count(JobRequest request, List<EnqueueResult> results)
    {
        var (jobType, app) = (request.JobType.Name, routing.QueueOf(request.JobType));
        var existed = results.Count(static result => result.Existed);
        var replaced = results.Count(static result => result.Replaced);
        if (results.Count > existed)
            metrics.Sent(jobType, app, results.Count - existed);
        if (existed > replaced)
            metrics.Existed(jobType, app, existed - replaced, wasReplaced: false);
        if (replaced > 0)
            metrics.Existed(jobType, app, replaced, wasReplaced: true);
    }

    private CreatedJobs Create(JobStorage target, JobRequest request)
    {
        if (request.Arguments.Count == 0)
            return new CreatedJobs([], null);
        using var connection = target.GetConnection();
        CheckParent(connection, request.Options);
        List<string> ids = request.IsOne
            ? [Create(target, connection, request, index: 0, request.NewState()).Id]
            : CreateMany(target, connection, request);
        return new CreatedJobs(ids, request.Keys.Any ? connection as IKeyedConnection : null);
    }

    // A job without a state is invisible and expires, so the one commit that gives all of them their state is what enqueues them:
    // all or none.
    private List<string> CreateMany(JobStorage target, IStorageConnection connection, JobRequest request)
    {
        // Before the jobs: it is given up when one of them cannot be created, and they with it.
        using var transaction = connection.CreateWriteTransaction();
        List<BackgroundJob> jobs =
        [
            .. Enumerable.Range(0, request.Arguments.Count).Select(index => Create(target, connection, request, index, state: null))
        ];
        foreach (var job in jobs)
        {
            _factory.StateMachine.ApplyState(
                new ApplyStateContext(target, connection, transaction, job, request.NewState(), oldStateName: null));
        }
        transaction.Commit();
        return jobs.ConvertAll(static job => job.Id);
    }

    private BackgroundJob Create(JobStorage target, IStorageConnection connection, JobRequest request, int index, IState? state)
    {
        var arguments = request.Arguments[index];
        var envelope = JobEnvelope.Wrap(
            request.JobType.Name, JobPayload.Write(arguments, Activity.Current, request.Context), routing.StoredQueueOf(request.JobType));
        var context = new CreateContext(target, connection, envelope, state);
        foreach (var (name, value) in request.Keys.Parameters(routing.QueueOf(request.JobType), arguments, index))
            context.Parameters[name] = value;
        foreach (var (name, value) in request.Place.Parameters(priorityAging, arguments))
            context.Parameters[name] = value;
        if (request.WorkflowId is { } workflow)
            context.Parameters[JobWorkflows.Parameter] = workflow;
        return _factory.Create(context)
            ?? throw new InvalidOperationException(
                $"A client filter on job type '{request.JobType.Name}' cancelled the creation of the job.");
    }

    private void CheckParent(IStorageConnection connection, JobOptions? options)
    {
        if (options?.After is not { } parentId
            || (JobTransitions.TryGet(connection, parentId) is { } parent && routing.Owns(JobTransitions.QueueOf(parent))))
        {
            return;
        }
        throw new ArgumentException(
            $"There is no job '{parentId}' in this app to continue ({nameof(JobOptions)}.{nameof(JobOptions.After)}).", nameof(options));
    }

    /// <param name="Ids">The ids of the jobs.</param>
    /// <param name="Keys">Says after the commit which of them were left out; <see langword="null"/> when none has a key.</param>
    private sealed record CreatedJobs(List<string> Ids, IKeyedConnection? Keys);
}
