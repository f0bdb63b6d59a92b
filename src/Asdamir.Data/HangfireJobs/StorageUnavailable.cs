namespace Asdamir.Data.HangfireJobs;

/// <summary>What an app does when its job storage cannot be reached while it starts.</summary>
public enum StorageUnavailable
{
    /// <summary>It does not start, and says why.</summary>
    Fail = 0,

    /// <summary>It waits and tries again, every attempt in the log, until the storage is there or the app is stopped.</summary>
    Retry = 1,
}
