namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A workflow with a page of its jobs.</summary>
public sealed record WorkflowDetails
{
    /// <summary>The workflow and its progress.</summary>
    public required WorkflowSummary Workflow { get; init; }

    /// <summary>Jobs of it, in the order in which they were added.</summary>
    public IReadOnlyList<WorkflowMember> Jobs { get; init; } = [];

    /// <summary>The start of the next page; <see langword="null"/> when these are the last jobs.</summary>
    public string? Next { get; init; }

    /// <summary>Which jobs wait, or have waited, for those of this page; up to 10,000.</summary>
    public IReadOnlyList<WorkflowEdge> Edges { get; init; } = [];
}
