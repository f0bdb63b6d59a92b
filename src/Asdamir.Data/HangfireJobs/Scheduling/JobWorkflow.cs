using System.Globalization;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>Checks what is added to a workflow, and stores it at the end.</summary>
internal sealed class JobWorkflow(string name, string app, HangfireJobService jobs) : IJobWorkflow
{
    private readonly WorkflowRequest _request = new(name, app);
    private readonly List<string> _ids = [];
    private bool _ended;

    public WorkflowJobs Add<TJob>(WorkflowJobs? after = null, After when = After.Succeeded, JobOptions? options = null)
        where TJob : class, IJob =>
        Add(jobs.Request(typeof(TJob), options), after, when);

    public WorkflowJobs Add<TJob, TArgs>(
        TArgs args, WorkflowJobs? after = null, After when = After.Succeeded, JobOptions? options = null)
        where TJob : class, IJob<TArgs> =>
        Add(jobs.Request<TJob, TArgs>(args, options), after, when);

    public WorkflowJobs AddMany<TJob, TArgs>(
        IEnumerable<TArgs> args, WorkflowJobs? after = null, After when = After.Succeeded, JobOptions? options = null)
        where TJob : class, IJob<TArgs>
    {
        var request = jobs.RequestMany(typeof(TJob), args, options);
        return request.Arguments.Count > 0
            ? Add(request, after, when)
            : throw new ArgumentException(
                $"There are no elements for '{request.JobType.Name}', so no job could wait for theirs. Fix: leave the call out when the "
                    + "list is empty.",
                nameof(args));
    }

    public void OnFinished<TJob>(JobOptions? options = null) where TJob : class, IJob => SetEnd(jobs.Request(typeof(TJob), options));

    public void OnFinished<TJob, TArgs>(TArgs args, JobOptions? options = null) where TJob : class, IJob<TArgs> =>
        SetEnd(jobs.Request<TJob, TArgs>(args, options));

    public async Task<string> CommitAsync(CancellationToken ct = default)
    {
        CheckOpen();
        if (_request.Members == 0)
        {
            throw new InvalidOperationException(
                $"The workflow '{name}' has no jobs. Fix: add at least one before {nameof(CommitAsync)}.");
        }
        ct.ThrowIfCancellationRequested();
        _ended = true;
        var (id, jobIds) = await jobs.Sender.SendAsync(_request, ct).ConfigureAwait(false);
        _ids.AddRange(jobIds);
        return id;
    }

    public ValueTask DisposeAsync()
    {
        _ended = true;
        return ValueTask.CompletedTask;
    }

    private WorkflowJobs Add(JobRequest request, WorkflowJobs? after, After when)
    {
        CheckOpen();
        CheckJobs(request);
        if (after is not null && !ReferenceEquals(after.Workflow, this))
        {
            throw new ArgumentException(
                $"The jobs that '{request.JobType.Name}' is to wait for belong to another workflow. Fix: pass what '{name}' has added.",
                nameof(after));
        }
        if (after is not null && request.Options is { } options && (options.Delay is not null || options.RunAt is not null))
        {
            throw new ArgumentException(
                $"'{request.JobType.Name}' has a time and waits for other jobs of the workflow. Fix: set one of them.", nameof(request));
        }
        CheckSize(request.Arguments.Count, after?.Count ?? 0);
        var places = _request.Add(new WorkflowRequest.Part(request, after?.Places ?? [], ConditionOf(when)));
        return new WorkflowJobs(this, places, _ids);
    }

    private void SetEnd(JobRequest request)
    {
        CheckOpen();
        CheckJobs(request);
        if (_request.OnFinished is { } other)
        {
            throw new InvalidOperationException(
                $"The workflow '{name}' has '{other.JobType.Name}' for its end already. Fix: call {nameof(OnFinished)} once.");
        }
        if (request.Options is { } options && (options.Delay is not null || options.RunAt is not null))
        {
            throw new ArgumentException(
                $"'{request.JobType.Name}' begins when the workflow has finished, and has a time. Fix: leave the time out.",
                nameof(request));
        }
        _request.OnFinished = request;
    }

    private void CheckOpen()
    {
        if (_ended)
        {
            throw new InvalidOperationException(
                $"The workflow '{name}' was committed or disposed. Fix: create another one with "
                    + $"{nameof(IHangfireJobService.NewWorkflow)}.");
        }
    }

    // A job that was left out because of its key would never end for those that wait for it.
    private static void CheckJobs(JobRequest request)
    {
        if (request.Keys.Any)
        {
            throw new InvalidOperationException(
                $"A job of type '{request.JobType.Name}' has a unique or an idempotency key, and jobs of workflows have none: others would "
                    + "wait for one that is not stored. Fix: leave the key out, or enqueue the job from one of the workflow.");
        }
        if (request.Options?.After is not null)
        {
            throw new ArgumentException(
                $"{nameof(JobOptions)}.{nameof(JobOptions.After)} is set for '{request.JobType.Name}' in a workflow. Fix: use the "
                    + "parameter 'after' with jobs of the workflow.",
                nameof(request));
        }
    }

    private void CheckSize(int count, int parents)
    {
        if (_request.Members + (long)count > JobWorkflows.MaxMembers)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The workflow '{name}' would have more than {JobWorkflows.MaxMembers} jobs. Fix: give each job more to do."));
        }
        if (_request.Edges + ((long)count * parents) > JobWorkflows.MaxEdges)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"In the workflow '{name}' jobs would wait more than {JobWorkflows.MaxEdges} times for others. Fix: let one job wait "
                    + $"for all of them, and let the others wait for that one."));
        }
    }

    private static JobWorkflowCondition ConditionOf(After when) => when switch
    {
        After.Succeeded => JobWorkflowCondition.Succeeded,
        After.Failed => JobWorkflowCondition.Failed,
        After.Finished => JobWorkflowCondition.Finished,
        _ => throw new ArgumentOutOfRangeException(
            nameof(when), when, $"It must be one of {string.Join(", ", Enum.GetNames<After>())}."),
    };
}
