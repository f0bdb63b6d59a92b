namespace Asdamir.Data.HangfireJobs;

/// <summary>What a call does when another job has its unique key.</summary>
public enum WhenTaken
{
    /// <summary>It stores nothing, and returns the id of that job.</summary>
    Skip,

    /// <summary>
    /// When that job has not begun (it waits, is scheduled or waits for another job), it gets the arguments and the time of the call. One
    /// that has begun, also one that waits for a retry, stays as it is. The call returns its id in both cases.
    /// </summary>
    Replace,
}
