namespace Asdamir.Data.HangfireJobs;

/// <summary>The kinds of action an operator can carry out.</summary>
public enum JobActionKind
{
    /// <summary>Puts jobs back into their queues, with all their attempts.</summary>
    Requeue = 0,

    /// <summary>Deletes jobs; a job that is being executed has its token cancelled.</summary>
    Delete = 1,

    /// <summary>Starts a recurring job now.</summary>
    Trigger = 2,

    /// <summary>Pauses a recurring job.</summary>
    Pause = 3,

    /// <summary>Resumes a paused recurring job.</summary>
    Resume = 4,

    /// <summary>Removes a recurring job. One that an app declares is back when the app starts again.</summary>
    Remove = 5,

    /// <summary>Pauses a queue, and so an app: none of its jobs is begun.</summary>
    PauseQueue = 6,

    /// <summary>Resumes a paused queue.</summary>
    ResumeQueue = 7,

    /// <summary>Changes how many jobs of a limit are executed at the same time.</summary>
    ChangeLimit = 8,

    /// <summary>Gives a limit back to what its app declares.</summary>
    ResetLimit = 9,

    /// <summary>Cancels a workflow: its jobs that have not ended are deleted.</summary>
    CancelWorkflow = 10,
}
