namespace Asdamir.Data.HangfireJobs;

/// <summary>The state of a job.</summary>
public enum JobState
{
    /// <summary>Waiting in its queue, also after a due delay.</summary>
    Enqueued = 0,

    /// <summary>Waiting for its time: a delay, a retry, or its turn.</summary>
    Scheduled = 1,

    /// <summary>Being executed.</summary>
    Processing = 2,

    /// <summary>Done.</summary>
    Succeeded = 3,

    /// <summary>Failed, with no attempt left.</summary>
    Failed = 4,

    /// <summary>Deleted by a user, or because a continuation's condition was not met.</summary>
    Deleted = 5,

    /// <summary>Waiting for its parent.</summary>
    Awaiting = 6,
}
