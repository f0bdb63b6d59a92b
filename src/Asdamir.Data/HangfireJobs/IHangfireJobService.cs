using System.Data.Common;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Enqueues, schedules and controls this app's jobs, by job type. What a call returned is stored: it survives a
/// crash of the process (with a durable storage). Calls block for one or two round trips to the storage.
/// </summary>
/// <remarks>
/// All jobs stay on the app's queue, and ids of recurring jobs get the app's prefix by themselves. Jobs and
/// recurring jobs of other apps in the same schema cannot be reached from here.
/// </remarks>
public interface IHangfireJobService
{
    /// <summary>Enqueues a job to be executed as soon as a worker is free.</summary>
    /// <returns>The id of the job.</returns>
    /// <exception cref="InvalidOperationException"><typeparamref name="TJob"/> is not registered as a job.</exception>
    string Enqueue<TJob>() where TJob : class, IJob;

    /// <summary>Enqueues a job with arguments.</summary>
    /// <param name="args">The arguments; stored as JSON, at most <see cref="HangfireJobsOptions.MaxArgumentsBytes"/>.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="JobArgumentsException">The arguments cannot be serialised, would arrive changed, or are too large; nothing was enqueued.</exception>
    string Enqueue<TJob, TArgs>(TArgs args) where TJob : class, IJob<TArgs>;

    /// <summary>Enqueues one job for each element, all of them or, if anything fails, none.</summary>
    /// <param name="args">The arguments of each job. An empty sequence enqueues nothing.</param>
    /// <returns>The ids in the order of <paramref name="args"/>.</returns>
    /// <exception cref="JobArgumentsException">Arguments cannot be serialised, would arrive changed, or are too large; nothing was enqueued.</exception>
    IReadOnlyList<string> EnqueueMany<TJob, TArgs>(IEnumerable<TArgs> args) where TJob : class, IJob<TArgs>;

    /// <summary>Schedules a job after a delay. Due jobs are looked for every 5 seconds.</summary>
    /// <param name="delay">Zero or less, also <see cref="TimeSpan.MinValue"/>, makes the job due now.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The job would be due after the year 9998.</exception>
    string Schedule<TJob>(TimeSpan delay) where TJob : class, IJob;

    /// <summary>Schedules a job with arguments after a delay.</summary>
    /// <inheritdoc cref="Schedule{TJob}(TimeSpan)"/>
    string Schedule<TJob, TArgs>(TArgs args, TimeSpan delay) where TJob : class, IJob<TArgs>;

    /// <summary>Schedules a job at a time. Due jobs are looked for every 5 seconds.</summary>
    /// <param name="at">A time in the past, also <see langword="default"/>, makes the job due now.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="at"/> is after the year 9998.</exception>
    string Schedule<TJob>(DateTimeOffset at) where TJob : class, IJob;

    /// <summary>Schedules a job with arguments at a time.</summary>
    /// <inheritdoc cref="Schedule{TJob}(DateTimeOffset)"/>
    string Schedule<TJob, TArgs>(TArgs args, DateTimeOffset at) where TJob : class, IJob<TArgs>;

    /// <summary>Creates a job that waits for another one.</summary>
    /// <param name="parentJobId">The job to wait for.</param>
    /// <param name="condition">When to start. The default value is <see cref="ContinueOn.Success"/>.</param>
    /// <returns>The id of the new job.</returns>
    /// <exception cref="ArgumentException">There is no such parent job in this app.</exception>
    string ContinueWith<TJob>(string parentJobId, ContinueOn condition = ContinueOn.Success) where TJob : class, IJob;

    /// <summary>Creates a job with arguments that waits for another one.</summary>
    /// <inheritdoc cref="ContinueWith{TJob}(string, ContinueOn)"/>
    string ContinueWith<TJob, TArgs>(string parentJobId, TArgs args, ContinueOn condition = ContinueOn.Success) where TJob : class, IJob<TArgs>;

    /// <summary>Adds a recurring job, or updates the one with the same id. A paused one stays paused.</summary>
    /// <param name="cron">5 fields (minute, hour, day, month, weekday) or 6 (second first), or a macro such as <c>@daily</c>.</param>
    /// <param name="id">The id within the app; <see langword="null"/> (the default) means the job's name.</param>
    /// <param name="timeZone">The IANA id of the time zone. The default value is <c>UTC</c>.</param>
    /// <param name="misfire">What happens to missed occurrences. The default value is <see cref="MisfirePolicy.RunOnce"/>.</param>
    /// <exception cref="ArgumentException">The expression is invalid or never fires, or the id or time zone is invalid.</exception>
    void AddOrUpdateRecurring<TJob>(string cron, string? id = null, string timeZone = "UTC", MisfirePolicy misfire = MisfirePolicy.RunOnce)
        where TJob : class, IJob;

    /// <summary>Adds a recurring job with arguments, or updates the one with the same id.</summary>
    /// <inheritdoc cref="AddOrUpdateRecurring{TJob}(string, string?, string, MisfirePolicy)"/>
    void AddOrUpdateRecurring<TJob, TArgs>(
        string cron, TArgs args, string? id = null, string timeZone = "UTC", MisfirePolicy misfire = MisfirePolicy.RunOnce)
        where TJob : class, IJob<TArgs>;

    /// <summary>Removes a recurring job. Jobs it has created stay.</summary>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <returns><see langword="false"/> when there was none.</returns>
    bool RemoveRecurring(string id);

    /// <summary>Creates a job of a recurring job now, also of a paused one. Its schedule stays as it is.</summary>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <returns>The id of the job; <see langword="null"/> when there is no such recurring job.</returns>
    string? TriggerRecurring(string id);

    /// <summary>Stops a recurring job from creating runs until it is resumed, also across restarts and deploys.</summary>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <param name="reason">Why, for the operator.</param>
    /// <returns><see langword="false"/> when there is no such recurring job.</returns>
    bool PauseRecurring(string id, string? reason = null);

    /// <summary>Lets a paused recurring job go on with its next occurrence; those missed while paused are not made up for.</summary>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <returns><see langword="false"/> when there is no such recurring job.</returns>
    bool ResumeRecurring(string id);

    /// <summary>Deletes a job. A job being executed has its token cancelled within 5 seconds.</summary>
    /// <param name="jobId">The id of the job.</param>
    JobActionResult Delete(string jobId);

    /// <summary>
    /// Executes a job again that has failed, succeeded, was deleted or is scheduled, with all its attempts. A job
    /// that is waiting in the queue or being executed is refused, as it would be executed twice.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    JobActionResult Requeue(string jobId);

    /// <summary>Looks a job up.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <returns><see langword="null"/> when this app has no such job (any more).</returns>
    JobInfo? Find(string jobId);

    /// <summary>
    /// The same service inside a database transaction of yours: what is enqueued, scheduled or continued through it exists exactly
    /// when your transaction commits. Use it on the thread of the transaction, and only until it ends.
    /// </summary>
    /// <param name="transaction">An open <c>NpgsqlTransaction</c> on the database of the job storage.</param>
    /// <exception cref="NotSupportedException">The jobs are not stored in PostgreSQL by this package, or the transaction is of another driver.</exception>
    IHangfireJobService InTransaction(DbTransaction transaction);
}
