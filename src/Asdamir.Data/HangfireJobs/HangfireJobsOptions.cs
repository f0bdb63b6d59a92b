using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Settings;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// The settings of an app's jobs, bound from the configuration section <c>HangfireJobs</c> and validated when the
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
    [QueueName]
    public string AppQueue { get; set; } = "";

    /// <summary>
    /// The prefix of the ids of this app's recurring jobs, which are stored as <c>{prefix}:{id}</c>. Letters, digits, <c>.</c>, <c>-</c>
    /// and <c>_</c>, at most 50. The default value is empty: ids are stored as they are.
    /// </summary>
    [RecurringIdPrefix]
    public string RecurringJobIdPrefix { get; set; } = "";

    /// <summary>Where jobs are stored.</summary>
    [ValidateObjectMembers]
    public HangfireJobsStorageOptions Storage { get; set; } = new();

    /// <summary>
    /// Whether this process executes jobs. The default value is <see langword="true"/>; with
    /// <see langword="false"/> it can enqueue and monitor jobs, but starts no server and applies no schedules.
    /// </summary>
    public bool RunServer { get; set; } = true;

    /// <summary>
    /// Whether a server that has started looks once, for at most 10 seconds, for what is wrong with the schema, and logs what it finds. The
    /// default value is empty: in the Development environment only.
    /// </summary>
    public bool? DiagnoseAtStart { get; set; }

    /// <summary>
    /// Whether the job types of the app's own assembly are registered automatically. That is the assembly the host is named after
    /// (<c>IHostEnvironment.ApplicationName</c>), else the entry assembly; if it has no job type, the one that calls
    /// <c>AddCoreHangfireJobs</c>. The default value is <see langword="true"/>. Set it in the configuration or in the delegate of
    /// <c>AddCoreHangfireJobs</c>.
    /// </summary>
    public bool ScanEntryAssembly { get; set; } = true;

    /// <summary>
    /// How many jobs this process executes at once, 1 to 10,000. The default value is five per processor, at most 20. On SQLite and
    /// PostgreSQL a job that waits asynchronously holds no thread, so a process can execute thousands of them; on other storages each
    /// one needs a thread.
    /// </summary>
    [Number(1, 10_000, "set it to the number of jobs that this process executes at once")]
    public int WorkerCount { get; set; } = Math.Min(Environment.ProcessorCount * 5, 20);

    /// <summary>How failed attempts are retried, unless the job type has <c>[Retry]</c> or <c>[AutomaticRetry]</c>.</summary>
    [ValidateObjectMembers]
    public HangfireJobsRetryOptions Retry { get; set; } = new();

    /// <summary>
    /// How long an attempt may take, unless the job type has <see cref="JobTimeoutAttribute"/>; at most 24 days. The default value is
    /// 00:00:00: no limit.
    /// </summary>
    [Duration(24, "set how long an attempt may take, or 00:00:00 for no limit")]
    public TimeSpan DefaultTimeout { get; set; }

    /// <summary>
    /// How long a job may continue after its token was cancelled, because it took too long or was deleted or requeued, before another job
    /// gets its slot and its outcome is ignored; at most 24 days. 00:00:00 waits for it without end. The default value is 00:05:00. It
    /// holds on SQLite and PostgreSQL.
    /// </summary>
    [Duration(24, "set how long a job may continue after its token was cancelled, or 00:00:00 to wait for it without end")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long finished jobs are kept.</summary>
    [ValidateObjectMembers]
    public HangfireJobsRetentionOptions Retention { get; set; } = new();

    /// <summary>The largest arguments of one job, in bytes of JSON, 1 to 16,777,216. The default value is 65,536.</summary>
    [Number(1, 16 * 1024 * 1024, "set a size in bytes")]
    public int MaxArgumentsBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// After how long a waiting job gains one class of <see cref="JobOptions.Priority"/>: above zero, and at most 30 days. It holds for the
    /// jobs that this process creates from now on. The default value is 00:05:00.
    /// </summary>
    [Duration(30, "set after how long a waiting job gains one class of priority", AllowsZero = false)]
    public TimeSpan PriorityAging { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many processes may die while they execute a job before it becomes Failed, instead of taking down another process.
    /// 1 to 1,000. The default value is 5.
    /// </summary>
    [Number(1, 1_000, "set how many crashes one job may cause")]
    public int MaxDeliveries { get; set; } = 5;

    /// <summary>
    /// How long running jobs may continue when the app stops, before their tokens are cancelled; at most 24 days.
    /// The default value is 00:00:00.500.
    /// </summary>
    [Duration(24, "set how long running jobs may continue when the app stops")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long running jobs may take to end after their tokens were cancelled, before the process abandons them
    /// (another process executes them again); at most 24 days. The default value is 00:00:15.
    /// </summary>
    [Duration(24, "set how long running jobs may take to end")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Who may open the JSON API and the dashboard.</summary>
    [ValidateObjectMembers]
    public HangfireJobsAccessOptions Access { get; set; } = new();

    /// <summary>The limits of the health check.</summary>
    [ValidateObjectMembers]
    public HangfireJobsHealthOptions Health { get; set; } = new();
}
