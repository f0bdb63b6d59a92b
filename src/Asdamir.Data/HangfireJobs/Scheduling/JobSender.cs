using System.Diagnostics;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>Creates jobs. Each is an envelope on the app's queue.</summary>
internal sealed class JobSender(JobStorage storage, IJobFilterProvider filters, JobRouting routing, JobMetrics metrics)
{
    private readonly BackgroundJobFactory _factory = new(filters);

    /// <returns>The ids of the jobs.</returns>
    /// <exception cref="ArgumentException">They wait for a job that this app does not have.</exception>
    public IReadOnlyList<string> Send(JobRequest request)
    {
        using var trace = StartTrace(request);
        return Sent(request, trace, Create(storage, request));
    }

    /// <inheritdoc cref="Send"/>
    public async Task<IReadOnlyList<string>> SendAsync(JobRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var trace = StartTrace(request);
        var ids = await AwaitedCommit.ExecuteAsync(
            storage, target => Create(target, request), request.Arguments.Count, reads: request.Options?.After is not null,
            cancellationToken).ConfigureAwait(false);
        return Sent(request, trace, ids);
    }

    private Activity? StartTrace(JobRequest request) =>
        request.Arguments.Count > 0 ? JobTrace.StartEnqueue(request.JobType.Name, routing.QueueOf(request.JobType)) : null;

    private List<string> Sent(JobRequest request, Activity? trace, List<string> ids)
    {
        if (ids is [var id])
            trace?.SetTag("messaging.message.id", id);
        if (ids.Count > 0)
            metrics.Sent(request.JobType.Name, routing.QueueOf(request.JobType), ids.Count);
        return ids;
    }

    private List<string> Create(JobStorage target, JobRequest request)
    {
        if (request.Arguments.Count == 0)
            return [];
        using var connection = target.GetConnection();
        CheckParent(connection, request.Options);
        return request.IsOne
            ? [Create(target, connection, request, request.Arguments[0], request.NewState()).Id]
            : CreateMany(target, connection, request);
    }

    // A job without a state is invisible and expires, so the one commit that gives all of them their state is what enqueues them:
    // all or none.
    private List<string> CreateMany(JobStorage target, IStorageConnection connection, JobRequest request)
    {
        // Before the jobs: it is given up when one of them cannot be created, and they with it.
        using var transaction = connection.CreateWriteTransaction();
        List<BackgroundJob> jobs = [.. request.Arguments.Select(arguments => Create(target, connection, request, arguments, state: null))];
        foreach (var job in jobs)
        {
            _factory.StateMachine.ApplyState(
                new ApplyStateContext(target, connection, transaction, job, request.NewState(), oldStateName: null));
        }
        transaction.Commit();
        return jobs.ConvertAll(static job => job.Id);
    }

    private BackgroundJob Create(JobStorage target, IStorageConnection connection, JobRequest request, byte[] arguments, IState? state)
    {
        var envelope = JobEnvelope.Wrap(
            request.JobType.Name, JobPayload.Write(arguments, Activity.Current), routing.StoredQueueOf(request.JobType));
        return _factory.Create(new CreateContext(target, connection, envelope, state))
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
}
