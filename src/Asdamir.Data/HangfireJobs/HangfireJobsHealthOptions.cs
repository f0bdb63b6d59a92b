using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// The limits above which the health check of an app's jobs reports degraded or unhealthy. Durations are at most 24 days.
/// </summary>
public sealed class HangfireJobsHealthOptions
{
    /// <summary>How long the first job in the app's queue may wait before it is degraded. The default value is 00:05:00.</summary>
    [Duration(24, "set how long a job may wait")]
    public TimeSpan DegradedWait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the first job in the app's queue may wait before it is unhealthy. The default value is 00:30:00.</summary>
    [Duration(24, "set how long a job may wait")]
    public TimeSpan UnhealthyWait { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How many jobs may fail within an hour before it is degraded. The default value is 10.</summary>
    [Count("set how many jobs may fail within an hour")]
    public int DegradedFailures { get; set; } = 10;

    /// <summary>How many jobs may fail within an hour before it is unhealthy. The default value is 100.</summary>
    [Count("set how many jobs may fail within an hour")]
    public int UnhealthyFailures { get; set; } = 100;

    /// <summary>How late a recurring job may be before it is degraded. The default value is 00:05:00.</summary>
    [Duration(24, "set how late a recurring job may be")]
    public TimeSpan DegradedLateness { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How old the last heartbeat of this app's servers may be before it is unhealthy. The default value is 00:02:00.</summary>
    [Duration(24, "set how old the last heartbeat of a server may be")]
    public TimeSpan UnhealthySilence { get; set; } = TimeSpan.FromMinutes(2);
}
