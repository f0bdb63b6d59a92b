using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.ManualExecution;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Testing.Assertions;
using Asdamir.Data.Testing.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Testing;

/// <summary>
/// An app under test, with its own services and its own real storage. Jobs wait until the test runs them, one at a time, on a clock
/// that the test advances. Hosts share nothing, so tests that have one each can run in parallel.
/// </summary>
public sealed partial class JobHost : IAsyncDisposable
{
    private readonly JobRunner _runner;
    private readonly Expectations _expectations;
    private readonly ConcurrentDictionary<string, bool> _ofTest = [];
    private IHost? _host;
    private Action<IHostApplicationBuilder>? _configure;

    /// <summary>Creates the host of an app; see <see cref="JobHostServiceCollectionExtensions.AddJobHost"/>.</summary>
    internal JobHost(IServiceProvider services)
    {
        Services = services;
        Jobs = services.GetRequiredService<IHangfireJobService>();
        Clock = services.GetRequiredService<FakeTimeProvider>();
        _runner = services.GetRequiredService<JobRunner>();
        _expectations = new Expectations(
            services.GetRequiredService<JobReader>(), services.GetRequiredService<ManualJobServer>(),
            services.GetRequiredService<IJobMonitor>(),
            _ofTest.ContainsKey);
    }

    /// <summary>The services of the app.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Enqueues and schedules jobs, as the app does.</summary>
    public IHangfireJobService Jobs { get; }

    /// <summary>
    /// The clock of the app and of its jobs: delays, retries, schedules and timeouts follow it. <see cref="AdvanceAsync"/> also runs what
    /// becomes due; the clock alone does not.
    /// </summary>
    public FakeTimeProvider Clock { get; }

    /// <summary>Builds an app and starts it, without a job server.</summary>
    /// <param name="configure">Adds the app's services, with <c>AddCoreHangfireJobs</c>, and the substitutes of the test.</param>
    /// <param name="options">The settings; <see langword="null"/> for the default values.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The host; disposing it removes its storage.</returns>
    /// <exception cref="InvalidOperationException">The app has no background jobs.</exception>
    public static Task<JobHost> StartAsync(
        Action<IHostApplicationBuilder> configure, JobHostOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return BuildAsync(configure, options, static _ => { }, cancellationToken);
    }

    private static async Task<JobHost> BuildAsync(
        Action<IHostApplicationBuilder> configure, JobHostOptions? options, Action<IServiceCollection> watch,
        CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            EnvironmentName = Environments.Development,
            ContentRootPath = AppContext.BaseDirectory,
        });
        configure(builder);
        builder.Services.AddJobHost(options);
        watch(builder.Services);
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            var jobs = host.Services.GetRequiredService<JobHost>();
            jobs._host = host;
            jobs._configure = configure;
            return jobs;
        }
        catch
        {
            await CloseAsync(host).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Enqueues a job as the app does, and executes one attempt of it. No other job is executed.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="args">Its arguments; <see langword="null"/> for a job type without any.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The attempt, also one that has failed: see <see cref="JobRun.EnsureSucceeded"/>.</returns>
    /// <exception cref="InvalidOperationException">The job type is not registered, or cannot be created.</exception>
    /// <exception cref="TimeoutException">The job has not ended within <see cref="JobHostOptions.Timeout"/>.</exception>
    public async Task<JobRun> RunAsync<TJob>(object? args = null, CancellationToken cancellationToken = default) where TJob : class
    {
        var jobId = await EnqueueForTestAsync(typeof(TJob), args).ConfigureAwait(false);
        return await _runner.RunAsync(jobId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Executes one attempt of a job that waits in its queue.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The attempt.</returns>
    /// <exception cref="InvalidOperationException">The job does not wait in a queue, or cannot be created.</exception>
    /// <exception cref="TimeoutException">The job has not ended within <see cref="JobHostOptions.Timeout"/>.</exception>
    public Task<JobRun> RunAsync(string jobId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        return _runner.RunAsync(jobId, cancellationToken);
    }

    /// <summary>
    /// Executes the jobs that wait, and those they enqueue, until none is left, one after the other. The clock does not move, so what is
    /// scheduled for later stays.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The attempts, in order.</returns>
    /// <exception cref="JobAssertionException">Jobs are left after <see cref="JobHostOptions.MaxRuns"/> attempts; the message lists them.
    /// </exception>
    /// <exception cref="TimeoutException">A job has not ended within <see cref="JobHostOptions.Timeout"/>.</exception>
    public Task<IReadOnlyList<JobRun>> DrainAsync(CancellationToken cancellationToken = default) => _runner.DrainAsync(cancellationToken);

    /// <summary>
    /// Advances the clock, and executes what becomes due meanwhile, each at its time: delayed jobs, retries and schedules, and before them
    /// the jobs that wait already.
    /// </summary>
    /// <param name="delta">By how much.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <inheritdoc cref="DrainAsync" path="/returns"/>
    /// <inheritdoc cref="DrainAsync" path="/exception"/>
    public Task<IReadOnlyList<JobRun>> AdvanceAsync(TimeSpan delta, CancellationToken cancellationToken = default) =>
        _runner.AdvanceAsync(Clock.GetUtcNow() + delta, cancellationToken);

    /// <summary>Advances the clock to a time, as <see cref="AdvanceAsync"/>.</summary>
    /// <param name="time">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <inheritdoc cref="DrainAsync" path="/returns"/>
    /// <inheritdoc cref="DrainAsync" path="/exception"/>
    /// <exception cref="ArgumentOutOfRangeException">The time is before that of the clock.</exception>
    public Task<IReadOnlyList<JobRun>> AdvanceToAsync(DateTimeOffset time, CancellationToken cancellationToken = default) =>
        _runner.AdvanceAsync(time, cancellationToken);

    /// <summary>Advances the clock to the next time at which it shows this time of day (UTC), as <see cref="AdvanceAsync"/>.</summary>
    /// <param name="timeOfDay">The time of day, as <c>new(2, 0)</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <inheritdoc cref="DrainAsync" path="/returns"/>
    /// <inheritdoc cref="DrainAsync" path="/exception"/>
    public Task<IReadOnlyList<JobRun>> AdvanceToAsync(TimeOnly timeOfDay, CancellationToken cancellationToken = default)
    {
        var now = Clock.GetUtcNow();
        var today = new DateTimeOffset(DateOnly.FromDateTime(now.UtcDateTime), timeOfDay, TimeSpan.Zero);
        return _runner.AdvanceAsync(today > now ? today : today.AddDays(1), cancellationToken);
    }

    /// <summary>
    /// Asserts that exactly one job of the type was created, in whatever state it is now. Jobs that <see cref="RunAsync{TJob}"/> has
    /// created do not count.
    /// </summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <returns>The job.</returns>
    /// <exception cref="JobAssertionException">There is none, or there are several; the message lists what was enqueued.</exception>
    public EnqueuedJob Enqueued<TJob>() where TJob : class => _expectations.One(typeof(TJob), condition: null);

    /// <summary>Asserts that exactly one job of the type was created whose arguments meet a condition; see <see cref="Enqueued{TJob}()"/>.
    /// </summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="condition">Tests its arguments, which have the type that the job takes.</param>
    /// <param name="text">Leave it out: the source of the condition.</param>
    /// <inheritdoc cref="Enqueued{TJob}()" path="/returns"/>
    /// <inheritdoc cref="Enqueued{TJob}()" path="/exception"/>
    public EnqueuedJob Enqueued<TJob>(
        Func<dynamic, bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "") where TJob : class =>
        _expectations.One(typeof(TJob), ConditionOf(condition, text));

    /// <summary>The same, with a condition that the compiler checks.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <inheritdoc cref="Enqueued{TJob}(Func{object, bool}, string)" path="/param"/>
    /// <inheritdoc cref="Enqueued{TJob}()" path="/returns"/>
    /// <inheritdoc cref="Enqueued{TJob}()" path="/exception"/>
    public EnqueuedJob Enqueued<TJob, TArgs>(
        Func<TArgs, bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "") where TJob : class, IJob<TArgs> =>
        _expectations.One(typeof(TJob), ConditionOf(condition, text));

    /// <summary>Asserts that no job of the type was created; see <see cref="Enqueued{TJob}()"/>.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <exception cref="JobAssertionException">There is one; the message lists it.</exception>
    public void NotEnqueued<TJob>() where TJob : class => _expectations.None(typeof(TJob), condition: null);

    /// <summary>Asserts that no job of the type was created whose arguments meet a condition.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <inheritdoc cref="Enqueued{TJob}(Func{object, bool}, string)" path="/param"/>
    /// <inheritdoc cref="NotEnqueued{TJob}()" path="/exception"/>
    public void NotEnqueued<TJob>(
        Func<dynamic, bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "") where TJob : class =>
        _expectations.None(typeof(TJob), ConditionOf(condition, text));

    /// <summary>The same, with a condition that the compiler checks.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <inheritdoc cref="Enqueued{TJob}(Func{object, bool}, string)" path="/param"/>
    /// <inheritdoc cref="NotEnqueued{TJob}()" path="/exception"/>
    public void NotEnqueued<TJob, TArgs>(
        Func<TArgs, bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "") where TJob : class, IJob<TArgs> =>
        _expectations.None(typeof(TJob), ConditionOf(condition, text));

    /// <summary>All jobs of a type that were created, for other assertions; see <see cref="Enqueued{TJob}()"/>.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <returns>The jobs, in the order in which they were created.</returns>
    public IReadOnlyList<EnqueuedJob> AllEnqueued<TJob>() where TJob : class =>
        _expectations.Find(typeof(TJob), condition: null).Matching;

    /// <summary>Asserts that the app has a schedule of a job type, declared or added by a call.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="id">The id of the schedule within the app; <see langword="null"/> when the job type has one schedule.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="JobAssertionException">There is none, or there are several; the message lists the schedules.</exception>
    public RecurringJobDetails Recurring<TJob>(string? id = null) where TJob : class => _expectations.Recurring(typeof(TJob), id);

    /// <summary>Stops the app and removes its storage.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            await host.StopAsync().ConfigureAwait(false);
            await CloseAsync(host).ConfigureAwait(false);
        }
    }

    /// <summary>Enqueues a job that assertions leave out.</summary>
    internal async Task<string> EnqueueForTestAsync(Type jobType, object? args)
    {
        var jobId = await JobCall.EnqueueAsync(Jobs, jobType, args).ConfigureAwait(false);
        _ofTest[jobId] = true;
        return jobId;
    }

    private static async Task CloseAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync().ConfigureAwait(false);
        else
            host.Dispose();
    }

    private static JobCondition ConditionOf(Func<dynamic, bool> condition, string text)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new JobCondition(arguments => condition(arguments), Type: null, text);
    }

    private static JobCondition ConditionOf<TArgs>(Func<TArgs, bool> condition, string text)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new JobCondition(arguments => condition((TArgs)arguments), typeof(TArgs), text);
    }
}
