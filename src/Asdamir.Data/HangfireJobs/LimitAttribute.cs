namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Limits how many jobs of this job type are executed at the same time, and how many begin in a window, over all processes of the app. Job
/// types with the same limit share it. A job that waits for room is Enqueued: it occupies no worker and uses no attempt. An operator can
/// change the limit while the app runs.
/// </summary>
/// <example>
/// <code>
/// [Limit("smtp", MaxRunning = 5)]
/// [Limit("mail-per-tenant", Rate = "100/min", Key = nameof(SendMailArgs.Tenant))]
/// public sealed class SendMail : IJob&lt;SendMailArgs&gt;
/// </code>
/// </example>
/// <remarks>
/// A job type has at most five limits. It needs SQLite or PostgreSQL as storage; with another one the app does not start.
/// </remarks>
/// <param name="name">The name of the limit in this app, up to 100 characters; another one is an error when the app starts.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = true, AllowMultiple = true)]
public sealed class LimitAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// How many jobs are executed at the same time, for each key: from 1 to 1,000,000. The default value is 0: any number, which is an
    /// error when <see cref="Rate"/> is not set either. All job types of a limit must have the same value; otherwise the app does not
    /// start.
    /// </summary>
    public int MaxRunning { get; set; }

    /// <summary>
    /// How many jobs may begin in any window of a length, for each key, such as <c>100/min</c>, <c>5/s</c>, <c>1/d</c> or <c>10/5min</c>:
    /// up to 1,000,000, in a window from one second to 31 days, as the clock of the database counts it. Retries count again. The default
    /// value is <see langword="null"/>: any number. All job types of a limit must have the same value; otherwise the app does not start.
    /// </summary>
    public string? Rate { get; set; }

    /// <summary>
    /// What becomes of a job for which there is no room when a server would begin it, also of a retry. The default value is
    /// <see cref="WhenFull.Wait"/>. All job types of a limit must have the same value; otherwise the app does not start.
    /// </summary>
    public WhenFull WhenFull { get; set; }

    /// <summary>
    /// The property of the arguments whose value is the key, such as <c>nameof(SendMailArgs.Tenant)</c>: jobs with equal values share the
    /// limit, and those with another value have their own. Jobs whose value is <see langword="null"/> or empty share one. The default value
    /// is <see langword="null"/>: all jobs share the limit.
    /// </summary>
    public string? Key { get; set; }
}
