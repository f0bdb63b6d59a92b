namespace Asdamir.Data.Storage;

/// <summary>A job of a workflow that waits, or has waited, for another one.</summary>
/// <param name="Parent">The id of the other job.</param>
/// <param name="Child">The id of the job.</param>
/// <param name="Condition">For which end of the other one it waits.</param>
public sealed record JobWorkflowEdge(string Parent, string Child, JobWorkflowCondition Condition);
