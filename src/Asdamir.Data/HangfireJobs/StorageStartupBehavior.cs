namespace Asdamir.Data.HangfireJobs;

/// <summary>What an app does when its job storage cannot be reached while it starts.</summary>
public enum StorageStartupBehavior
{
    /// <summary>It does not start, and says why.</summary>
    Fail = 0,

    /// <summary>
    /// It starts without its jobs and keeps trying, every attempt in the log: its ports open, the health check <c>hangfire-jobs-alive</c>
    /// is healthy and <c>hangfire-jobs</c> is not. The job server starts when the storage is there.
    /// </summary>
    Retry = 1,
}
