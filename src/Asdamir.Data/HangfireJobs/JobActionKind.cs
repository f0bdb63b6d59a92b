namespace Asdamir.Data.HangfireJobs;

/// <summary>What operators can do.</summary>
public enum JobActionKind
{
    /// <summary>Put runs back into their queues, with all their attempts.</summary>
    Requeue = 0,

    /// <summary>Delete jobs; one that is being executed has its token cancelled.</summary>
    Delete = 1,

    /// <summary>Start a recurring job now.</summary>
    Trigger = 2,

    /// <summary>Pause a recurring job.</summary>
    Pause = 3,

    /// <summary>Resume a paused recurring job.</summary>
    Resume = 4,
}
