namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>What is known of a server.</summary>
public enum ServerState
{
    /// <summary>It runs: its latest heartbeat is less than a minute old.</summary>
    Running,

    /// <summary>It has not sent a heartbeat for a minute, but its process was not found dead.</summary>
    Silent,

    /// <summary>It was stopped.</summary>
    Stopped,

    /// <summary>It ended without being stopped: its process was killed, crashed, was suspended or lost the database.</summary>
    Died,
}
