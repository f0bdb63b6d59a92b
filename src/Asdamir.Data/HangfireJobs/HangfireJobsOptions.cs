namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// The settings of an app's jobs, bound from the configuration section <c>HangfireJobs</c> and checked when the
/// app starts. Durations are written as <c>d.hh:mm:ss</c>.
/// </summary>
public sealed class HangfireJobsOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string SectionName = "HangfireJobs";

    /// <summary>
    /// The queue of this app, usually its code: all its jobs stay on it, and its server listens on it only.
    /// Lowercase letters, digits, <c>-</c> and <c>_</c>, at most 50. The default value is empty: Hangfire's queue <c>default</c>.
    /// </summary>
    public string AppQueue { get; set; } = "";

    /// <summary>
    /// Put before the ids of recurring jobs as <c>{prefix}:{id}</c>. Letters, digits, <c>.</c>, <c>-</c> and
    /// <c>_</c>, at most 50. The default value is empty: ids are stored as they are.
    /// </summary>
    public string RecurringJobIdPrefix { get; set; } = "";

    /// <summary>Where jobs are stored.</summary>
    public HangfireJobsStorageOptions Storage { get; set; } = new();

    /// <summary>
    /// Whether this process executes jobs. The default value is <see langword="true"/>; with
    /// <see langword="false"/> it can enqueue and look, but starts no server and applies no schedules.
    /// </summary>
    public bool RunServer { get; set; } = true;

    /// <summary>
    /// Whether the job classes of the app's own assembly are registered automatically. That is the assembly the host is named after
    /// (<c>IHostEnvironment.ApplicationName</c>), else the entry assembly; if it has no job, the one that calls <c>AddCoreHangfireJobs</c>. The default
    /// value is <see langword="true"/>. Set it in the configuration or in the delegate of <c>AddCoreHangfireJobs</c>.
    /// </summary>
    public bool ScanEntryAssembly { get; set; } = true;

    /// <summary>How many jobs this process executes at once, 1 to 1,000. The default value is five per processor, at most 20.</summary>
    public int WorkerCount { get; set; } = Math.Min(Environment.ProcessorCount * 5, 20);

    /// <summary>How failed attempts are retried, unless the job class has <c>[AutomaticRetry]</c>.</summary>
    public HangfireJobsRetryOptions Retry { get; set; } = new();

    /// <summary>How long an attempt may take, unless the job class has <see cref="JobTimeoutAttribute"/>. The default value is 00:00:00: no limit.</summary>
    public TimeSpan DefaultTimeout { get; set; }

    /// <summary>How long finished runs are kept.</summary>
    public HangfireJobsRetentionOptions Retention { get; set; } = new();

    /// <summary>The largest arguments of one job, in bytes of JSON, 1 to 16,777,216. The default value is 65,536.</summary>
    public int MaxArgumentsBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// How many times a job may be taken by a worker whose process then dies. After that it becomes Failed
    /// instead of taking down another process. 1 to 1,000. The default value is 5.
    /// </summary>
    public int MaxDeliveries { get; set; } = 5;

    /// <summary>
    /// How long running jobs may go on undisturbed when the app stops, before their tokens are cancelled.
    /// The default value is 00:00:00.500.
    /// </summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long running jobs get to end after their tokens were cancelled, before the process leaves them
    /// behind (they are executed again elsewhere). The default value is 00:00:15.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Who may open the JSON API and the dashboard.</summary>
    public HangfireJobsAccessOptions Access { get; set; } = new();

    /// <summary>From when on the health check reports trouble.</summary>
    public HangfireJobsHealthOptions Health { get; set; } = new();
}
