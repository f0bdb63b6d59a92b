using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>Which place in the queue the jobs of a call have, from its options and the job type.</summary>
internal sealed class RequestedPlace
{
    private readonly int _priority;
    private readonly string? _fairnessKey;
    private readonly KeyArgument? _argument;
    private readonly IReadOnlyList<JobLimitOfType> _limits;

    /// <param name="jobType">The job type.</param>
    /// <param name="priority">The priority in the options of the call, if any.</param>
    /// <param name="fairnessKey">The fairness key in the options of the call, if any.</param>
    /// <param name="options">The name of the parameter that has these options.</param>
    /// <exception cref="ArgumentException">
    /// The priority is out of range, the key is invalid, or the job type has limits and so no fairness keys.
    /// </exception>
    public RequestedPlace(JobDescriptor jobType, int? priority, string? fairnessKey, string options)
    {
        if (priority is < JobPriority.First or > JobPriority.Last)
        {
            var fix = $"Fix: use a number from {JobPriority.First} (first) to {JobPriority.Last}.";
            throw new ArgumentOutOfRangeException(options, priority, $"{nameof(JobOptions.Priority)} is {priority}. {fix}");
        }
        if (fairnessKey is not null && JobKeys.FaultOf(fairnessKey) is { } fault)
            throw new ArgumentException($"{nameof(JobOptions.FairnessKey)} {fault}", options);
        if (fairnessKey is not null && jobType.Limits.Count > 0)
        {
            throw new ArgumentException(
                $"{nameof(JobOptions.FairnessKey)} is set, and the job type '{jobType.Name}' has [Limit]: jobs with limits do not observe "
                    + "fairness keys. Fix: leave it out; a [Limit] with a Key keeps one key from taking all room.",
                options);
        }
        _priority = priority ?? jobType.Priority ?? JobPriority.Default;
        _fairnessKey = fairnessKey;
        _argument = fairnessKey is null ? jobType.Fairness : null;
        _limits = jobType.Limits;
    }

    /// <summary>What the storage must offer for it, as a message says it; <see langword="null"/> for nothing.</summary>
    public string? Needs =>
        _priority != JobPriority.Default ? $"the priority {_priority}"
        : _fairnessKey is not null ? "a fairness key"
        : null;

    /// <summary>The parameters of a job that say its place.</summary>
    /// <param name="aging">After how long a waiting job gains one class.</param>
    /// <param name="arguments">Its arguments as JSON.</param>
    public IEnumerable<(string Name, string Value)> Parameters(TimeSpan aging, byte[] arguments)
    {
        if (_priority != JobPriority.Default)
            yield return (JobPriority.Parameter, JobPriority.Of(_priority, aging));
        if ((_fairnessKey ?? _argument?.KeyOf(arguments)) is { } key)
            yield return (JobFairness.Parameter, JobFairness.Of(key));
        if (_limits.Count > 0)
            yield return (JobLimits.Parameter, JobLimits.Of([.. _limits.Select(limit => limit.Of(arguments))]));
    }
}
