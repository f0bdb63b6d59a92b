namespace Asdamir.Data.HangfireJobs;

/// <summary>How long finished runs are kept; afterwards the storage removes them. Set by the app that owns a job.</summary>
public sealed class HangfireJobsRetentionOptions
{
    /// <summary>For succeeded jobs. The default value is 1.00:00:00.</summary>
    public TimeSpan Succeeded { get; set; } = TimeSpan.FromDays(1);

    /// <summary>For deleted jobs. The default value is 1.00:00:00.</summary>
    public TimeSpan Deleted { get; set; } = TimeSpan.FromDays(1);

    /// <summary>For failed jobs nobody has requeued. The default value is 30.00:00:00.</summary>
    public TimeSpan Failed { get; set; } = TimeSpan.FromDays(30);
}
