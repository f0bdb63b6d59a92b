namespace Asdamir.Data.HangfireJobs;

/// <summary>What becomes of a job whose limit has no room.</summary>
public enum WhenFull
{
    /// <summary>It waits for room, Enqueued.</summary>
    Wait,

    /// <summary>
    /// It is deleted, with that reason, by the claim that considers it: when a server has a free worker and its turn has come.
    /// </summary>
    Skip,
}
