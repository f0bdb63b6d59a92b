using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>Which place in the queue the jobs of a call have, from its options and the job type.</summary>
internal sealed class RequestedPlace
{
    private readonly int _priority;

    /// <param name="jobType">The job type.</param>
    /// <param name="priority">The priority in the options of the call, if any.</param>
    /// <param name="options">The name of the parameter that has these options.</param>
    /// <exception cref="ArgumentOutOfRangeException">The priority is out of range.</exception>
    public RequestedPlace(JobDescriptor jobType, int? priority, string options)
    {
        if (priority is < JobPriority.First or > JobPriority.Last)
        {
            var fix = $"Fix: use a number from {JobPriority.First} (first) to {JobPriority.Last}.";
            throw new ArgumentOutOfRangeException(options, priority, $"{nameof(JobOptions.Priority)} is {priority}. {fix}");
        }
        _priority = priority ?? jobType.Priority ?? JobPriority.Default;
    }

    /// <summary>What the storage must offer for it, as a message says it; <see langword="null"/> for nothing.</summary>
    public string? Needs => _priority == JobPriority.Default ? null : $"the priority {_priority}";

    /// <summary>The parameters of a job that say its place.</summary>
    /// <param name="aging">After how long a waiting job gains one class.</param>
    public IEnumerable<(string Name, string Value)> Parameters(TimeSpan aging)
    {
        if (_priority != JobPriority.Default)
            yield return (JobPriority.Parameter, JobPriority.Of(_priority, aging));
    }
}
