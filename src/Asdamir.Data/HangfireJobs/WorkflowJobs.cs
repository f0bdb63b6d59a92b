namespace Asdamir.Data.HangfireJobs;

/// <summary>Jobs of a workflow that is being built, for which others may wait.</summary>
public sealed class WorkflowJobs
{
    private readonly IReadOnlyList<string> _ids;
    private readonly int[] _places;

    internal WorkflowJobs(object workflow, int[] places, IReadOnlyList<string> ids)
    {
        Workflow = workflow;
        _places = places;
        _ids = ids;
    }

    /// <summary>How many they are.</summary>
    public int Count => _places.Length;

    /// <summary>Their ids, in the order in which they were added, once the workflow is committed.</summary>
    /// <exception cref="InvalidOperationException">The workflow is not committed.</exception>
    public IReadOnlyList<string> JobIds => _ids.Count > 0
        ? [.. _places.Select(place => _ids[place])]
        : throw new InvalidOperationException("These jobs have no ids before the workflow is committed. Fix: call CommitAsync first.");

    internal object Workflow { get; }

    internal IReadOnlyList<int> Places => _places;

    /// <summary>These jobs and others of the same workflow.</summary>
    /// <param name="other">The others.</param>
    /// <exception cref="ArgumentException">They belong to another workflow.</exception>
    public WorkflowJobs And(WorkflowJobs other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ReferenceEquals(Workflow, other.Workflow)
            ? new WorkflowJobs(Workflow, [.. _places.Union(other._places)], _ids)
            : throw new ArgumentException(
                "These jobs belong to another workflow. Fix: combine jobs that the same workflow has added.", nameof(other));
    }
}
