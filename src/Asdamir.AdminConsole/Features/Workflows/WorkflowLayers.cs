using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Features.Workflows;

/// <summary>The jobs of a small workflow in layers: each waits for jobs of layers before its own only.</summary>
internal static class WorkflowLayers
{
    /// <summary>How many jobs are shown in layers, at most.</summary>
    public const int MostJobs = 50;

    /// <param name="jobs">All jobs, in the order in which they were added: a job is behind those it waits for.</param>
    public static IReadOnlyList<IReadOnlyList<WorkflowMember>> Of(IReadOnlyList<WorkflowMember> jobs, IReadOnlyList<WorkflowEdge> edges)
    {
        var parents = edges.ToLookup(static edge => edge.Child, static edge => edge.Parent);
        Dictionary<string, int> layers = [];
        foreach (var job in jobs)
            layers[job.Id] = parents[job.Id].Select(parent => layers.GetValueOrDefault(parent, -1) + 1).DefaultIfEmpty(0).Max();
        return [.. jobs.GroupBy(job => layers[job.Id]).OrderBy(static layer => layer.Key).Select(static layer => layer.ToList())];
    }
}
