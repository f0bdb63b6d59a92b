namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>How far a workflow has come.</summary>
public enum WorkflowState
{
    /// <summary>A job of it is executed, enqueued or scheduled.</summary>
    Running = 0,

    /// <summary>Nothing of it runs any more, and no job has failed.</summary>
    Succeeded = 1,

    /// <summary>Nothing of it runs any more, and a job has failed; others may wait for that one.</summary>
    Failed = 2,

    /// <summary>It was cancelled, and nothing of it runs any more.</summary>
    Cancelled = 3,
}
