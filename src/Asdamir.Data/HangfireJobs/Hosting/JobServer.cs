using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;
using Asdamir.Data.HangfireJobs.Monitoring.Health;
using Asdamir.Data.HangfireJobs.Monitoring.Telemetry;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.HangfireJobs.Scheduling;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Opens the storage, applies the declared schedules, and starts and stops the app's Hangfire server. In a
/// process without a server it only opens the storage.
/// </summary>
internal sealed partial class JobServer(
    IServiceProvider services,
    HangfireJobsOptions options,
    AppIdentity app,
    JobRouting routing,
    ServerParts parts,
    StorageInitializer initializer,
    StartupChecks checks,
    ServerStatus status,
    OutageLog outages,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    // Constants of the framework, not options: in a shared schema the smallest value would apply to all apps.
    private static readonly TimeSpan SchedulePollingInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CancellationCheckInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromMinutes(5);

    // How long a host that may start without the storage waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly ILogger _logger = loggers.CreateLogger<JobServer>();
    private IDisposable? _log;
    private Task _opening = Task.CompletedTask;
    private CancellationTokenRegistration _started;
    private CancellationTokenRegistration _stopping;
    private JobStorage? _storage;
    private BackgroundProcessingServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (BuildTool.Runs(services))
            return;
        _log = HangfireLog.WriteTo(loggers, outages);
        await checks.RunAsync(services).ConfigureAwait(false);
        // Jobs may use what other hosted services start, so the server starts after all of them.
        _started = lifetime.ApplicationStarted.Register(StartServer);
        _stopping = lifetime.ApplicationStopping.Register(() => _server?.SendStop());
        // Opening may block for long; on another thread it can be abandoned.
        _opening = Detached.Start(() => Task.Run(Open, lifetime.ApplicationStopping));
        if (options.Storage.WhenUnavailable == StorageStartupBehavior.Retry)
        {
            await Task.WhenAny(_opening, initializer.Waits, Task.Delay(Patience, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (!_opening.IsCompleted)
            {
                _ = EndHostIfOpeningFailsAsync();
                return;
            }
        }
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A failure to open the storage ends the process with an error, also after the host has started.
        if (_opening.IsFaulted)
            await _opening.ConfigureAwait(false);
        BackgroundProcessingServer? server;
        lock (_gate)
            server = _server;
        if (server is null)
            return;
        server.SendStop();
        var drained = server.WaitForShutdownAsync(cancellationToken);
        await DrainKeepAlive.RunUntilAsync(_storage!, drained).ConfigureAwait(false);
        try
        {
            await drained.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A storage that does not answer can delay the server beyond the host's shutdown timeout. That must not end the process
            // with an error, nor keep other services from stopping.
            Log.NotStopped(_logger);
        }
    }

    public void Dispose()
    {
        _started.Dispose();
        _stopping.Dispose();
        lock (_gate)
        {
            _server?.Dispose();
            _server = null;
        }
        _log?.Dispose();
    }

    private void Open()
    {
        var chosen = services.GetRequiredService<ChosenStorage>();
        var storage = initializer.Open(services.GetRequiredService<JobStorage>, chosen.Description, storage =>
        {
            chosen.MustHaveCreated(storage);
            initializer.CheckFeatures(storage);
            // A manual server executes one job at a time, when it is asked to: no job may keep it waiting for a rate.
            if (services.GetService<IAttemptProbe>() is null)
                initializer.DeclareLimits(storage);
            // Creating it lets metric collectors read the depth of queues.
            services.GetRequiredService<QueueMetrics>();
            services.GetRequiredService<UnservedQueues>().Report();
            if (!options.RunServer)
                return;
            services.GetRequiredService<RecurringJobMonitor>().Check();
            services.GetRequiredService<DeclaredRecurringJobs>().Apply();
        });
        checks.Report(storage, chosen.Description);
        lock (_gate)
            _storage = storage;
        outages.Monitor(storage);
        status.StorageIsOpen();
        StartServer();
    }

    private async Task EndHostIfOpeningFailsAsync()
    {
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_opening.Exception?.GetBaseException() is not { } exception)
            return;
        Log.NotOpened(_logger, exception);
        lifetime.StopApplication();
    }

    // Called when the storage is open and when the host has started; the later call starts the server.
    private void StartServer()
    {
        lock (_gate)
        {
            if (!options.RunServer || _server is not null || _storage is null
                || !lifetime.ApplicationStarted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return;
            }
            // The host may be starting inside a trace or a scope, which its workers must not inherit.
            _server =
                Detached.Start(() =>
                    new BackgroundProcessingServer(_storage!, Processes(), Properties(), new BackgroundProcessingServerOptions
                    {
                        ServerName = $"{app.Queue}@{Environment.MachineName}",
                        StopTimeout = options.StopTimeout,
                        // Hangfire counts both from the same moment.
                        ShutdownTimeout = options.StopTimeout + options.ShutdownTimeout,
                        CancellationCheckInterval = CancellationCheckInterval,
                        HeartbeatInterval = HeartbeatInterval,
                        ServerTimeout = ServerTimeout,
                    }));
            status.ServerRuns(_server);
        }
    }

    private List<IBackgroundProcessDispatcherBuilder> Processes()
    {
        var stateChanger = parts.StateChanger(_storage!);
        List<IBackgroundProcessDispatcherBuilder> processes =
        [
            Workers(stateChanger),
            Delayed(stateChanger).UseBackgroundPool(1),
            Recurring().UseBackgroundPool(1),
            services.GetRequiredService<RecurringJobMonitor>().UseBackgroundPool(1),
            services.GetRequiredService<UnservedQueues>().UseBackgroundPool(1),
        ];
        if (services.GetRequiredService<StartDiagnosis>() is { IsWanted: true } diagnosis)
            processes.Add(diagnosis.UseBackgroundPool(1));
        return processes;
    }

    private IBackgroundProcess Delayed(IBackgroundJobStateChanger stateChanger) => _storage is IJobClock clock
        ? new DelayedJobClock(clock, new DelayedJobScheduler(TimeSpan.Zero, stateChanger))
        : new DelayedJobScheduler(SchedulePollingInterval, stateChanger);

    // On a clock the interval is only that between the tries of a schedule that cannot be fired, and how late an occurrence may be that
    // the policy to skip missed ones does not skip.
    private IBackgroundProcess Recurring()
    {
        var scheduler = parts.RecurringScheduler(SchedulePollingInterval);
        return _storage is IJobClock clock ? new RecurringJobClock(clock, scheduler) : scheduler;
    }

    private IBackgroundProcessDispatcherBuilder Workers(IBackgroundJobStateChanger stateChanger)
    {
        if (_storage is not IClaimingJobStorage claiming || !HangfireParts.AreKnown)
            return new Worker(routing.OwnQueues, parts.Performer(), stateChanger).UseBackgroundPool(options.WorkerCount);
        return new JobDispatcher(claiming, [.. routing.OwnQueues], options.WorkerCount, parts.Attempts(_storage, stateChanger))
            .UseThreadPool(1);
    }

    // The servers page and the monitoring read them; the names are Hangfire's.
    private Dictionary<string, object> Properties() => new()
    {
        ["Queues"] = routing.OwnQueues.ToArray(),
        ["WorkerCount"] = options.WorkerCount,
    };

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1604, Level = LogLevel.Critical,
            Message = "The job storage cannot be used, and waiting does not help; the app stops")]
        public static partial void NotOpened(ILogger logger, Exception exception);

        [LoggerMessage(
            EventId = 1603, Level = LogLevel.Warning,
            Message = "The job server did not stop for as long as the host waits. "
                + "What it leaves behind is executed again, by another process when the lease of this one is over")]
        public static partial void NotStopped(ILogger logger);
    }
}
