namespace Asdamir.Data.HangfireJobs;

/// <summary>What happens to occurrences of a recurring job that were missed while no server was running.</summary>
public enum MisfirePolicy
{
    /// <summary>One job makes up for all of them.</summary>
    RunOnce = 0,

    /// <summary>Each of them gets its job.</summary>
    RunAll = 1,

    /// <summary>They are skipped; the next occurrence runs on time.</summary>
    Skip = 2,
}
