namespace Asdamir.Data.HangfireJobs;

/// <summary>From when on the health check of an app's jobs reports trouble.</summary>
public sealed class HangfireJobsHealthOptions
{
    /// <summary>How long the first job in the app's queue may wait before it is degraded. The default value is 00:05:00.</summary>
    public TimeSpan DegradedWait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the first job in the app's queue may wait before it is unhealthy. The default value is 00:30:00.</summary>
    public TimeSpan UnhealthyWait { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How many jobs may fail within an hour before it is degraded. The default value is 10.</summary>
    public int DegradedFailures { get; set; } = 10;

    /// <summary>How many jobs may fail within an hour before it is unhealthy. The default value is 100.</summary>
    public int UnhealthyFailures { get; set; } = 100;

    /// <summary>How late a recurring job may be before it is degraded. The default value is 00:05:00.</summary>
    public TimeSpan DegradedLateness { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How old the last sign of life of this app's servers may be before it is unhealthy. The default value is 00:02:00.</summary>
    public TimeSpan UnhealthySilence { get; set; } = TimeSpan.FromMinutes(2);
}
