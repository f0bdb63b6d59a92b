namespace Asdamir.Data.Storage;

/// <summary>Jobs that start at a time.</summary>
public enum DueJobs
{
    /// <summary>Jobs in the state Scheduled: those with a delay, and those that are retried.</summary>
    Delayed,

    /// <summary>Jobs that a recurring job creates.</summary>
    Recurring,
}
