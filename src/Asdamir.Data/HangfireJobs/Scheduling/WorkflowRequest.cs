using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>A workflow as it is to be stored: checked, and not stored yet.</summary>
internal sealed class WorkflowRequest(string name, string app)
{
    public string Name => name;

    /// <summary>The app's queue.</summary>
    public string App => app;

    public List<Part> Parts { get; } = [];

    /// <summary>The job that begins when nothing of it runs any more.</summary>
    public JobRequest? OnFinished { get; set; }

    public int Members { get; private set; }

    public long Edges { get; private set; }

    /// <returns>The places of the new jobs.</returns>
    public int[] Add(Part part)
    {
        var first = Members;
        Parts.Add(part);
        Members += part.Jobs.Arguments.Count;
        Edges += (long)part.Jobs.Arguments.Count * part.Parents.Count;
        return [.. Enumerable.Range(first, part.Jobs.Arguments.Count)];
    }

    /// <param name="Jobs">Jobs of one type.</param>
    /// <param name="Parents">The places of the jobs that each of them waits for.</param>
    /// <param name="Condition">For which end of those.</param>
    internal sealed record Part(JobRequest Jobs, IReadOnlyList<int> Parents, JobWorkflowCondition Condition);
}
