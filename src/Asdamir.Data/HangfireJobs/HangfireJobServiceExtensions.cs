namespace Asdamir.Data.HangfireJobs;

/// <summary>One-line calls for delays, times and continuations: <see cref="JobOptions"/> in other words.</summary>
public static class HangfireJobServiceExtensions
{
    /// <summary>Schedules a job after a delay.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="jobs">The service.</param>
    /// <param name="delay">Zero or less makes the job due now.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The job would be due after the year 9998.</exception>
    public static string Schedule<TJob>(this IHangfireJobService jobs, TimeSpan delay) where TJob : class, IJob =>
        jobs.Checked().Enqueue<TJob>(new JobOptions { Delay = delay });

    /// <inheritdoc cref="Schedule{TJob}(IHangfireJobService, TimeSpan)"/>
    /// <param name="jobs">The service.</param>
    /// <param name="delay">Zero or less makes the job due now.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    public static Task<string> ScheduleAsync<TJob>(
        this IHangfireJobService jobs, TimeSpan delay, CancellationToken ct = default) where TJob : class,
    IJob =>
        jobs.Checked().EnqueueAsync<TJob>(new JobOptions { Delay = delay }, ct);

    /// <summary>Schedules a job with arguments after a delay.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <param name="jobs">The service.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="delay">Zero or less makes the job due now.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The job would be due after the year 9998.</exception>
    public static string Schedule<TJob, TArgs>(this IHangfireJobService jobs, TArgs args, TimeSpan delay) where TJob : class, IJob<TArgs> =>
        jobs.Checked().Enqueue<TJob, TArgs>(args, new JobOptions { Delay = delay });

    /// <inheritdoc cref="Schedule{TJob, TArgs}(IHangfireJobService, TArgs, TimeSpan)"/>
    /// <param name="jobs">The service.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="delay">Zero or less makes the job due now.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    public static Task<string> ScheduleAsync<TJob, TArgs>(
        this IHangfireJobService jobs, TArgs args, TimeSpan delay, CancellationToken ct = default)
        where TJob : class, IJob<TArgs> =>
        jobs.Checked().EnqueueAsync<TJob, TArgs>(args, new JobOptions { Delay = delay }, ct);

    /// <summary>Schedules a job at a time.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="jobs">The service.</param>
    /// <param name="at">A time in the past, also <see langword="default"/>, makes the job due now.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="at"/> is after the year 9998.</exception>
    public static string Schedule<TJob>(this IHangfireJobService jobs, DateTimeOffset at) where TJob : class, IJob =>
        jobs.Checked().Enqueue<TJob>(new JobOptions { RunAt = at });

    /// <inheritdoc cref="Schedule{TJob}(IHangfireJobService, DateTimeOffset)"/>
    /// <param name="jobs">The service.</param>
    /// <param name="at">A time in the past, also <see langword="default"/>, makes the job due now.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    public static Task<string> ScheduleAsync<TJob>(
        this IHangfireJobService jobs, DateTimeOffset at, CancellationToken ct = default) where TJob : class,
    IJob =>
        jobs.Checked().EnqueueAsync<TJob>(new JobOptions { RunAt = at }, ct);

    /// <summary>Schedules a job with arguments at a time.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <param name="jobs">The service.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="at">A time in the past, also <see langword="default"/>, makes the job due now.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="at"/> is after the year 9998.</exception>
    public static string Schedule<TJob, TArgs>(this IHangfireJobService jobs, TArgs args, DateTimeOffset at) where TJob : class,
    IJob<TArgs> =>
        jobs.Checked().Enqueue<TJob, TArgs>(args, new JobOptions { RunAt = at });

    /// <inheritdoc cref="Schedule{TJob, TArgs}(IHangfireJobService, TArgs, DateTimeOffset)"/>
    /// <param name="jobs">The service.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="at">A time in the past, also <see langword="default"/>, makes the job due now.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    public static Task<string> ScheduleAsync<TJob, TArgs>(
        this IHangfireJobService jobs, TArgs args, DateTimeOffset at, CancellationToken ct = default)
        where TJob : class, IJob<TArgs> =>
        jobs.Checked().EnqueueAsync<TJob, TArgs>(args, new JobOptions { RunAt = at }, ct);

    /// <summary>Creates a job that waits for another one.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="jobs">The service.</param>
    /// <param name="parentJobId">The job to wait for.</param>
    /// <param name="condition">When to start. The default value is <see cref="ContinueOn.Success"/>.</param>
    /// <returns>The id of the new job.</returns>
    /// <exception cref="ArgumentException">There is no such parent job in this app.</exception>
    public static string ContinueWith<TJob>(this IHangfireJobService jobs, string parentJobId, ContinueOn condition = ContinueOn.Success)
        where TJob : class, IJob =>
        jobs.Checked().Enqueue<TJob>(After(parentJobId, condition));

    /// <inheritdoc cref="ContinueWith{TJob}(IHangfireJobService, string, ContinueOn)"/>
    /// <param name="jobs">The service.</param>
    /// <param name="parentJobId">The job to wait for.</param>
    /// <param name="condition">When to start. The default value is <see cref="ContinueOn.Success"/>.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    public static Task<string> ContinueWithAsync<TJob>(
        this IHangfireJobService jobs, string parentJobId, ContinueOn condition = ContinueOn.Success, CancellationToken ct = default)
        where TJob : class, IJob =>
        jobs.Checked().EnqueueAsync<TJob>(After(parentJobId, condition), ct);

    /// <summary>Creates a job with arguments that waits for another one.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <param name="jobs">The service.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="parentJobId">The job to wait for.</param>
    /// <param name="condition">When to start. The default value is <see cref="ContinueOn.Success"/>.</param>
    /// <returns>The id of the new job.</returns>
    /// <exception cref="ArgumentException">There is no such parent job in this app.</exception>
    public static string ContinueWith<TJob, TArgs>(
        this IHangfireJobService jobs, TArgs args, string parentJobId, ContinueOn condition = ContinueOn.Success)
        where TJob : class, IJob<TArgs> =>
        jobs.Checked().Enqueue<TJob, TArgs>(args, After(parentJobId, condition));

    /// <inheritdoc cref="ContinueWith{TJob, TArgs}(IHangfireJobService, TArgs, string, ContinueOn)"/>
    /// <param name="jobs">The service.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="parentJobId">The job to wait for.</param>
    /// <param name="condition">When to start. The default value is <see cref="ContinueOn.Success"/>.</param>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    public static Task<string> ContinueWithAsync<TJob, TArgs>(
        this IHangfireJobService jobs, TArgs args, string parentJobId, ContinueOn condition = ContinueOn.Success,
        CancellationToken ct = default)
        where TJob : class, IJob<TArgs> =>
        jobs.Checked().EnqueueAsync<TJob, TArgs>(args, After(parentJobId, condition), ct);

    // A null would enqueue the job at once.
    private static JobOptions After(string parentJobId, ContinueOn condition) =>
        new() { After = parentJobId ?? throw new ArgumentNullException(nameof(parentJobId)), Condition = condition };

    private static IHangfireJobService Checked(this IHangfireJobService jobs) => jobs ?? throw new ArgumentNullException(nameof(jobs));
}
