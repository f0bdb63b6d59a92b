using Asdamir.Data.HangfireJobs.Catalog;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>A call that creates jobs: checked, and not carried out yet.</summary>
internal sealed class JobRequest
{
    private readonly DateTimeOffset _calledAt;

    /// <exception cref="ArgumentException">The options contradict each other, or a value is invalid.</exception>
    public JobRequest(JobDescriptor jobType, IReadOnlyList<byte[]> arguments, bool isOne, JobOptions? options, DateTimeOffset calledAt)
    {
        JobType = jobType;
        Arguments = arguments;
        IsOne = isOne;
        Options = options;
        Keys = new RequestedKeys(jobType, options, isOne);
        Place = new RequestedPlace(jobType, options?.Priority, options?.FairnessKey, nameof(options));
        _calledAt = calledAt;
        _ = NewState();
    }

    /// <summary>The job type of all of them.</summary>
    public JobDescriptor JobType { get; }

    /// <summary>The arguments of each job, as JSON.</summary>
    public IReadOnlyList<byte[]> Arguments { get; }

    /// <summary>Whether the call is about one job, and so client filters see its first state.</summary>
    public bool IsOne { get; }

    /// <summary>When they start.</summary>
    public JobOptions? Options { get; }

    /// <summary>The keys of each job.</summary>
    public RequestedKeys Keys { get; }

    /// <summary>Which place in the queue they have.</summary>
    public RequestedPlace Place { get; }

    /// <summary>What was ambient for the caller, as JSON; empty for nothing.</summary>
    public required byte[] Context { get; init; }

    /// <summary>The workflow that the jobs belong to; <see langword="null"/> for none.</summary>
    public string? WorkflowId { get; set; }

    /// <summary>The first state of one of the jobs: filters may change it, so each has its own.</summary>
    public IState NewState() => JobStart.StateOf(Options, _calledAt);
}
