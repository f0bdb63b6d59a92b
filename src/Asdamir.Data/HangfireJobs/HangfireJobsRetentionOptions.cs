using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// How long finished jobs are kept, above zero and up to 3,650 days; afterwards the storage removes them. The app that owns a job decides.
/// </summary>
public sealed class HangfireJobsRetentionOptions
{
    /// <summary>For succeeded jobs. The default value is 1.00:00:00.</summary>
    [Duration(3_650, "set how long succeeded jobs are kept", AllowsZero = false)]
    public TimeSpan Succeeded { get; set; } = TimeSpan.FromDays(1);

    /// <summary>For deleted jobs. The default value is 1.00:00:00.</summary>
    [Duration(3_650, "set how long deleted jobs are kept", AllowsZero = false)]
    public TimeSpan Deleted { get; set; } = TimeSpan.FromDays(1);

    /// <summary>For failed jobs that were not requeued. The default value is 30.00:00:00.</summary>
    [Duration(3_650, "set how long failed jobs are kept", AllowsZero = false)]
    public TimeSpan Failed { get; set; } = TimeSpan.FromDays(30);
}
