using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Telemetry;
using Asdamir.Data.HangfireJobs.Runs;
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
/// Starts and stops the app's Hangfire server: opens the storage, applies the declared schedules, then works. In a
/// process without a server it only makes sure that the storage is there.
/// </summary>
internal sealed partial class JobServer(
    IServiceProvider services,
    HangfireJobsOptions options,
    AppIdentity app,
    RunRouting routing,
    IJobFilterProvider filters,
    StorageOpener opener,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    // Constants of the framework, not options: in a shared schema the smallest value would rule for everybody.
    private static readonly TimeSpan SchedulePollingInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CancellationCheckInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private IDisposable? _log;
    private CancellationTokenRegistration _started;
    private CancellationTokenRegistration _stopping;
    private JobStorage? _storage;
    private BackgroundProcessingServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _log = HangfireLog.WriteTo(loggers);
        // Opening blocks, perhaps for long: on a thread of its own it can be given up. Nothing that needs the
        // storage is asked for before.
        _storage = await Task.Run(services.GetRequiredService<JobStorage>, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        opener.CheckFeatures(_storage);
        // From now on collectors may ask for the depth of queues.
        services.GetRequiredService<QueueMetrics>();
        if (!options.RunServer)
            return;

        await Task.Run(
            () => opener.Prepare(_storage, () =>
            {
                services.GetRequiredService<RecurringJobWatch>().Look();
                services.GetRequiredService<DeclaredRecurringJobs>().Apply();
            }),
            cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        // Jobs may use what other hosted services start.
        _started = lifetime.ApplicationStarted.Register(StartServer);
        _stopping = lifetime.ApplicationStopping.Register(() => _server?.SendStop());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
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
            // A storage that does not answer holds the server up for longer than the host waits. That must not end the process
            // as if something had gone wrong, nor keep other services from stopping.
            Log.NotStopped(loggers.CreateLogger<JobServer>());
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

    private void StartServer()
    {
        lock (_gate)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
                return;
            _server = new BackgroundProcessingServer(_storage!, Processes(), Properties(), new BackgroundProcessingServerOptions
            {
                ServerName = $"{app.Queue}@{Environment.MachineName}",
                StopTimeout = options.StopTimeout,
                // Hangfire counts both from the same moment.
                ShutdownTimeout = options.StopTimeout + options.ShutdownTimeout,
                CancellationCheckInterval = CancellationCheckInterval,
                HeartbeatInterval = HeartbeatInterval,
                ServerTimeout = ServerTimeout,
            });
        }
    }

    private List<IBackgroundProcessDispatcherBuilder> Processes()
    {
        IBackgroundJobStateChanger stateChanger = new BackgroundJobStateChanger(filters);
        // Our own storages know how long a run is kept.
        if (_storage is not SqlJobStorage)
            stateChanger = new FailedRunExpiry(stateChanger, options.Retention.Failed);
        var performer = new EnvelopePerformer(new BackgroundJobPerformer(filters, services.GetRequiredService<JobActivator>(), TaskScheduler.Default));
        return
        [
            new Worker(routing.OwnQueues, performer, stateChanger).UseBackgroundPool(options.WorkerCount),
            new DelayedJobScheduler(SchedulePollingInterval, stateChanger).UseBackgroundPool(1),
            new RecurringJobScheduler(new BackgroundJobFactory(filters), SchedulePollingInterval).UseBackgroundPool(1),
            services.GetRequiredService<RecurringJobWatch>().UseBackgroundPool(1),
        ];
    }

    // What the servers page and the monitoring read; the names are Hangfire's.
    private Dictionary<string, object> Properties() => new()
    {
        ["Queues"] = routing.OwnQueues.ToArray(),
        ["WorkerCount"] = options.WorkerCount,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 1603, Level = LogLevel.Warning, Message = "The job server did not stop for as long as the host waits. What it leaves behind is executed again, by another process when the lease of this one is over")]
        public static partial void NotStopped(ILogger logger);
    }
}
