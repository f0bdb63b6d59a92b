using System.Data.Common;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Enqueues, schedules and controls this app's jobs, by job type. When a call has returned, what it did is stored: it survives a
/// crash of the process (with a durable storage). One-line calls for delays and continuations are in
/// <see cref="HangfireJobServiceExtensions"/>.
/// </summary>
/// <remarks>
/// <para>
/// All jobs stay on the app's queue, and ids of recurring jobs get the app's prefix. Jobs and recurring jobs of other apps in the same
/// schema cannot be reached from here.
/// </para>
/// <para>
/// Requests and jobs use the asynchronous forms: on SQLite and PostgreSQL no thread waits for their commits. What a call has to read or
/// lock first (the job to continue, a recurring job, a job to delete) takes a thread of the pool for one or two round trips, and so does a
/// client filter. On other storages an asynchronous form executes the blocking one on a thread of the pool. The blocking forms are for code
/// that starts an app.
/// </para>
/// <para>
/// A token has an effect until the commit begins: the call throws an <see cref="OperationCanceledException"/>, and nothing was written.
/// Once the commit has begun, it is awaited, so a call never leaves open whether its job exists because of its token. On other
/// storages the token has an effect until the call has begun.
/// </para>
/// <para>
/// A job with a key (<see cref="JobOptions.UniqueKey"/>, <see cref="JobOptions.IdempotencyKey"/>,
/// <see cref="UniqueAttribute">[Unique]</see>) that another one has is not stored: each call that creates jobs returns the id of the other
/// one, and the <c>TryEnqueue</c> forms say so, and whether that was replaced (<see cref="JobOptions.WhenTaken"/>). Keys need SQLite or
/// PostgreSQL; on other storages the call throws a <see cref="NotSupportedException"/>.
/// </para>
/// <para>
/// On SQLite and PostgreSQL every call throws a <see cref="Storage.JobStorageUnavailableException"/> when the database cannot be reached;
/// its property <c>MayBeCommitted</c> says whether anything may be written. Client filters see a job of an asynchronous call as created
/// before its commit.
/// </para>
/// </remarks>
public interface IHangfireJobService
{
    /// <summary>Enqueues a job: it is executed as soon as a worker is free, or as the options say.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="options">When it starts. The default value is <see langword="null"/>: as soon as a worker is free.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="InvalidOperationException"><typeparamref name="TJob"/> is not registered as a job type, or a client filter
    /// cancelled the creation.</exception>
    /// <exception cref="ArgumentException">The options contradict each other, a value is invalid, or this app has no such job to wait
    /// for.</exception>
    string Enqueue<TJob>(JobOptions? options = null) where TJob : class, IJob;

    /// <inheritdoc cref="Enqueue{TJob}(JobOptions)"/>
    /// <param name="options">When it starts. The default value is <see langword="null"/>: as soon as a worker is free.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was enqueued.</exception>
    Task<string> EnqueueAsync<TJob>(JobOptions? options = null, CancellationToken ct = default) where TJob : class, IJob;

    /// <summary>Enqueues a job with arguments.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <param name="args">The arguments; stored as JSON, at most <see cref="HangfireJobsOptions.MaxArgumentsBytes"/> bytes.</param>
    /// <param name="options">When it starts. The default value is <see langword="null"/>: as soon as a worker is free.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="JobArgumentsException">The arguments cannot be serialised, would arrive changed, or are too large; nothing was
    /// enqueued.</exception>
    /// <inheritdoc cref="Enqueue{TJob}(JobOptions)" path="/exception"/>
    string Enqueue<TJob, TArgs>(TArgs args, JobOptions? options = null) where TJob : class, IJob<TArgs>;

    /// <inheritdoc cref="Enqueue{TJob, TArgs}(TArgs, JobOptions)"/>
    /// <param name="args">The arguments; stored as JSON, at most <see cref="HangfireJobsOptions.MaxArgumentsBytes"/> bytes.</param>
    /// <param name="options">When it starts. The default value is <see langword="null"/>: as soon as a worker is free.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was enqueued.</exception>
    Task<string> EnqueueAsync<TJob, TArgs>(TArgs args, JobOptions? options = null, CancellationToken ct = default) where TJob : class,
    IJob<TArgs>;

    /// <summary>
    /// Enqueues a job of the job type that takes these arguments. It must be the only registered one whose arguments have exactly the
    /// type <typeparamref name="TArgs"/>; this is checked by the call, as job types that share a type of arguments are valid otherwise.
    /// </summary>
    /// <typeparam name="TArgs">The type of the arguments.</typeparam>
    /// <param name="args">The arguments; stored as JSON, at most <see cref="HangfireJobsOptions.MaxArgumentsBytes"/> bytes.</param>
    /// <param name="options">When it starts. The default value is <see langword="null"/>: as soon as a worker is free.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="InvalidOperationException">No job type takes these arguments, or several do (the message names them), or a client
    /// filter cancelled the creation.</exception>
    /// <exception cref="ArgumentException">The options contradict each other, a value is invalid, or this app has no such job to wait
    /// for.</exception>
    /// <exception cref="JobArgumentsException">The arguments cannot be serialised, would arrive changed, or are too large; nothing was
    /// enqueued.</exception>
    string Enqueue<TArgs>(TArgs args, JobOptions? options = null) where TArgs : notnull;

    /// <inheritdoc cref="Enqueue{TArgs}(TArgs, JobOptions)"/>
    /// <param name="args">The arguments; stored as JSON, at most <see cref="HangfireJobsOptions.MaxArgumentsBytes"/> bytes.</param>
    /// <param name="options">When it starts. The default value is <see langword="null"/>: as soon as a worker is free.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was enqueued.</exception>
    Task<string> EnqueueAsync<TArgs>(TArgs args, JobOptions? options = null, CancellationToken ct = default) where TArgs : notnull;

    /// <summary>Enqueues one job for each element, all of them or, if anything fails, none.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <param name="args">The arguments of each job. An empty sequence enqueues nothing.</param>
    /// <param name="options">When they start. The default value is <see langword="null"/>: as soon as workers are free.</param>
    /// <returns>The ids in the order of <paramref name="args"/>.</returns>
    /// <inheritdoc cref="Enqueue{TJob, TArgs}(TArgs, JobOptions)" path="/exception"/>
    IReadOnlyList<string> EnqueueMany<TJob, TArgs>(IEnumerable<TArgs> args, JobOptions? options = null) where TJob : class, IJob<TArgs>;

    /// <inheritdoc cref="EnqueueMany{TJob, TArgs}(IEnumerable{TArgs}, JobOptions)"/>
    /// <param name="args">The arguments of each job. An empty sequence enqueues nothing.</param>
    /// <param name="options">When they start. The default value is <see langword="null"/>: as soon as workers are free.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was enqueued.</exception>
    Task<IReadOnlyList<string>> EnqueueManyAsync<TJob, TArgs>(
        IEnumerable<TArgs> args, JobOptions? options = null, CancellationToken ct = default)
        where TJob : class, IJob<TArgs>;

    /// <summary>The same as <see cref="Enqueue{TJob}(JobOptions)"/>, and says whether the job existed because of its key.</summary>
    /// <inheritdoc cref="Enqueue{TJob}(JobOptions)"/>
    /// <returns>The job.</returns>
    EnqueueResult TryEnqueue<TJob>(JobOptions? options = null) where TJob : class, IJob;

    /// <inheritdoc cref="TryEnqueue{TJob}(JobOptions)"/>
    /// <param name="options">When it starts, and its keys.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was enqueued.</exception>
    Task<EnqueueResult> TryEnqueueAsync<TJob>(JobOptions? options = null, CancellationToken ct = default) where TJob : class, IJob;

    /// <summary>
    /// The same as <see cref="Enqueue{TJob, TArgs}(TArgs, JobOptions)"/>, and says whether the job existed because of its key.
    /// </summary>
    /// <inheritdoc cref="Enqueue{TJob, TArgs}(TArgs, JobOptions)"/>
    /// <returns>The job.</returns>
    EnqueueResult TryEnqueue<TJob, TArgs>(TArgs args, JobOptions? options = null) where TJob : class, IJob<TArgs>;

    /// <inheritdoc cref="TryEnqueue{TJob, TArgs}(TArgs, JobOptions)"/>
    /// <param name="args">The arguments.</param>
    /// <param name="options">When it starts, and its keys.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was enqueued.</exception>
    Task<EnqueueResult> TryEnqueueAsync<TJob, TArgs>(TArgs args, JobOptions? options = null, CancellationToken ct = default)
        where TJob : class, IJob<TArgs>;

    /// <summary>
    /// The same as <see cref="Enqueue{TArgs}(TArgs, JobOptions)"/>, and says whether the job existed because of its key.
    /// </summary>
    /// <inheritdoc cref="Enqueue{TArgs}(TArgs, JobOptions)"/>
    /// <returns>The job.</returns>
    EnqueueResult TryEnqueue<TArgs>(TArgs args, JobOptions? options = null) where TArgs : notnull;

    /// <inheritdoc cref="TryEnqueue{TArgs}(TArgs, JobOptions)"/>
    /// <param name="args">The arguments.</param>
    /// <param name="options">When it starts, and its keys.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was enqueued.</exception>
    Task<EnqueueResult> TryEnqueueAsync<TArgs>(TArgs args, JobOptions? options = null, CancellationToken ct = default)
        where TArgs : notnull;

    /// <summary>
    /// The same as <see cref="EnqueueMany{TJob, TArgs}(IEnumerable{TArgs}, JobOptions)"/>, and says which jobs existed because of their
    /// keys. All others are stored, or none.
    /// </summary>
    /// <inheritdoc cref="EnqueueMany{TJob, TArgs}(IEnumerable{TArgs}, JobOptions)"/>
    /// <returns>The jobs in the order of <paramref name="args"/>. Of two with one key, the first is stored.</returns>
    IReadOnlyList<EnqueueResult> TryEnqueueMany<TJob, TArgs>(IEnumerable<TArgs> args, JobOptions? options = null)
        where TJob : class, IJob<TArgs>;

    /// <inheritdoc cref="TryEnqueueMany{TJob, TArgs}(IEnumerable{TArgs}, JobOptions)"/>
    /// <param name="args">The arguments of each job. An empty sequence enqueues nothing.</param>
    /// <param name="options">When they start, and their keys.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was enqueued.</exception>
    Task<IReadOnlyList<EnqueueResult>> TryEnqueueManyAsync<TJob, TArgs>(
        IEnumerable<TArgs> args, JobOptions? options = null, CancellationToken ct = default)
        where TJob : class, IJob<TArgs>;

    /// <summary>
    /// Begins a workflow: jobs of which some wait for others. Nothing is stored before <see cref="IJobWorkflow.CommitAsync"/>.
    /// </summary>
    /// <param name="name">Says what it does, for operators; it need not be unique. Up to 200 characters.</param>
    /// <returns>The workflow, to which jobs are added.</returns>
    /// <exception cref="ArgumentException">The name is empty, too long or has a control character.</exception>
    /// <exception cref="NotSupportedException">The jobs are stored neither in SQLite nor in PostgreSQL by this package.</exception>
    IJobWorkflow NewWorkflow(string name);

    /// <summary>Adds a recurring job, or updates the one with the same id. A paused one stays paused.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="cron">5 fields (minute, hour, day, month, weekday) or 6 (second first), or a macro such as <c>@daily</c>.</param>
    /// <param name="options">Its id, time zone and misfire policy. The default value is <see langword="null"/>: the defaults of
    /// <see cref="RecurringOptions"/>.</param>
    /// <exception cref="ArgumentException">The expression is invalid or never fires, or an option is invalid.</exception>
    /// <exception cref="InvalidOperationException"><typeparamref name="TJob"/> is not registered as a job type, or the id belongs to
    /// another app.</exception>
    void AddOrUpdateRecurring<TJob>(string cron, RecurringOptions? options = null) where TJob : class, IJob;

    /// <inheritdoc cref="AddOrUpdateRecurring{TJob}(string, RecurringOptions)"/>
    /// <param name="cron">5 fields (minute, hour, day, month, weekday) or 6 (second first), or a macro such as <c>@daily</c>.</param>
    /// <param name="options">Its id, time zone and misfire policy. The default value is <see langword="null"/>: the defaults of
    /// <see cref="RecurringOptions"/>.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was written.</exception>
    Task AddOrUpdateRecurringAsync<TJob>(string cron, RecurringOptions? options = null, CancellationToken ct = default) where TJob : class,
    IJob;

    /// <summary>Adds a recurring job with arguments, or updates the one with the same id. A paused one stays paused.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <param name="args">The arguments of each job it creates.</param>
    /// <param name="cron">5 fields (minute, hour, day, month, weekday) or 6 (second first), or a macro such as <c>@daily</c>.</param>
    /// <param name="options">Its id, time zone and misfire policy. The default value is <see langword="null"/>: the defaults of
    /// <see cref="RecurringOptions"/>.</param>
    /// <exception cref="JobArgumentsException">The arguments cannot be serialised, would arrive changed, or are too large; nothing was
    /// written.</exception>
    /// <inheritdoc cref="AddOrUpdateRecurring{TJob}(string, RecurringOptions)" path="/exception"/>
    void AddOrUpdateRecurring<TJob, TArgs>(TArgs args, string cron, RecurringOptions? options = null) where TJob : class, IJob<TArgs>;

    /// <inheritdoc cref="AddOrUpdateRecurring{TJob, TArgs}(TArgs, string, RecurringOptions)"/>
    /// <param name="args">The arguments of each job it creates.</param>
    /// <param name="cron">5 fields (minute, hour, day, month, weekday) or 6 (second first), or a macro such as <c>@daily</c>.</param>
    /// <param name="options">Its id, time zone and misfire policy. The default value is <see langword="null"/>: the defaults of
    /// <see cref="RecurringOptions"/>.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was written.</exception>
    Task AddOrUpdateRecurringAsync<TJob, TArgs>(TArgs args, string cron, RecurringOptions? options = null, CancellationToken ct = default)
        where TJob : class, IJob<TArgs>;

    /// <summary>Removes a recurring job. Jobs it has created stay.</summary>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <returns><see langword="false"/> when there was none.</returns>
    bool RemoveRecurring(string id);

    /// <inheritdoc cref="RemoveRecurring"/>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was written.</exception>
    Task<bool> RemoveRecurringAsync(string id, CancellationToken ct = default);

    /// <summary>Creates a job of a recurring job now, also of a paused one. Its schedule stays as it is.</summary>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <returns>The id of the job; <see langword="null"/> when there is no such recurring job.</returns>
    string? TriggerRecurring(string id);

    /// <inheritdoc cref="TriggerRecurring"/>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was written.</exception>
    Task<string?> TriggerRecurringAsync(string id, CancellationToken ct = default);

    /// <summary>Stops a recurring job from creating jobs until it is resumed, also across restarts and deploys.</summary>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <param name="reason">Why, for the operator. The default value is <see langword="null"/>: no reason.</param>
    /// <returns><see langword="false"/> when there is no such recurring job.</returns>
    bool PauseRecurring(string id, string? reason = null);

    /// <inheritdoc cref="PauseRecurring"/>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <param name="reason">Why, for the operator. The default value is <see langword="null"/>: no reason.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was written.</exception>
    Task<bool> PauseRecurringAsync(string id, string? reason = null, CancellationToken ct = default);

    /// <summary>Lets a paused recurring job continue with its next occurrence. Those missed while it was paused are skipped.</summary>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <returns><see langword="false"/> when there is no such recurring job.</returns>
    bool ResumeRecurring(string id);

    /// <inheritdoc cref="ResumeRecurring"/>
    /// <param name="id">The id within the app, without the prefix.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was written.</exception>
    Task<bool> ResumeRecurringAsync(string id, CancellationToken ct = default);

    /// <summary>
    /// Deletes a job. The token of a job that is being executed is cancelled at once, on storages of other packages within 5 seconds.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    JobActionResult Delete(string jobId);

    /// <inheritdoc cref="Delete"/>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was written.</exception>
    Task<JobActionResult> DeleteAsync(string jobId, CancellationToken ct = default);

    /// <summary>
    /// Executes a job again that has failed, succeeded, was deleted or is scheduled, with all its attempts. A job
    /// that is waiting in the queue or being executed is refused, as it would be executed twice.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    JobActionResult Requeue(string jobId);

    /// <inheritdoc cref="Requeue"/>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was written.</exception>
    Task<JobActionResult> RequeueAsync(string jobId, CancellationToken ct = default);

    /// <summary>Finds a job.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <returns>The job; <see langword="null"/> when this app has no such job, or has it no longer.</returns>
    JobInfo? Find(string jobId);

    /// <summary>Finds a job, on a thread of the pool.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="ct">Cancels the call until it has begun to read.</param>
    /// <returns>The job; <see langword="null"/> when this app has no such job, or has it no longer.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    Task<JobInfo?> FindAsync(string jobId, CancellationToken ct = default);

    /// <summary>
    /// The same service inside a database transaction of yours: what is enqueued, scheduled or continued through it exists exactly
    /// when your transaction commits. Make one call at a time, as with any connection, and only until the transaction ends.
    /// </summary>
    /// <remarks>
    /// The asynchronous forms send their statements with your token. When it is cancelled meanwhile, PostgreSQL aborts your transaction:
    /// nothing of it can be committed.
    /// </remarks>
    /// <param name="transaction">An open <c>NpgsqlTransaction</c> on the database of the job storage.</param>
    /// <exception cref="NotSupportedException">The jobs are not stored in PostgreSQL by this package, or the transaction is of another
    /// driver.</exception>
    IHangfireJobService InTransaction(DbTransaction transaction);
}
