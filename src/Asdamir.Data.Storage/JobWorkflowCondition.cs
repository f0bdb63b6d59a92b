namespace Asdamir.Data.Storage;

/// <summary>
/// For which end of another job a job of a workflow waits. The values are sums of 1 for Succeeded, 2 for Failed and 4 for Deleted.
/// </summary>
public enum JobWorkflowCondition
{
    /// <summary>The other job has succeeded. When it is deleted, so is this one.</summary>
    Succeeded = 1,

    /// <summary>The other job has failed, without a further attempt. When it succeeds or is deleted, this one is deleted.</summary>
    Failed = 2,

    /// <summary>The other job has succeeded, failed or was deleted.</summary>
    Finished = 7,
}
