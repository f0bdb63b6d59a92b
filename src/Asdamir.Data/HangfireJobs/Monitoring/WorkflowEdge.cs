namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A job of a workflow that waits, or has waited, for another one.</summary>
public sealed record WorkflowEdge
{
    /// <summary>The id of the job that is waited for.</summary>
    public required string Parent { get; init; }

    /// <summary>The id of the job that waits.</summary>
    public required string Child { get; init; }

    /// <summary>For which end of the other one it waits.</summary>
    public required After When { get; init; }
}
