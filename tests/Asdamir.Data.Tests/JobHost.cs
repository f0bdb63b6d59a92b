using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests;

/// <summary>A real host with a real server on the in-memory storage, with only the jobs a test gives it.</summary>
internal sealed class JobHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IDisposable _place;
    private bool _stopped;

    private JobHost(IHost host, IDisposable place)
    {
        _host = host;
        _place = place;
    }

    public IServiceProvider Services => _host.Services;

    public IHangfireJobService Jobs => Services.GetRequiredService<IHangfireJobService>();

    public JobStorage Storage => Services.GetRequiredService<JobStorage>();

    public Probe Probe => Services.GetRequiredService<Probe>();

    public LogCapture Logs => Services.GetRequiredService<LogCapture>();

    public static async Task<JobHost> StartAsync(
        Action<IHangfireJobsBuilder> addJobs,
        Action<HangfireJobsOptions>? configure = null,
        Action<IServiceCollection>? services = null)
    {
        var place = await HostPlaces.EnterAsync();
        try
        {
            var host = Create(addJobs, configure, services);
            await host.StartAsync(TestContext.Current.CancellationToken);
            return new JobHost(host, place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>A host that can enqueue and look, but executes nothing.</summary>
    public static Task<JobHost> StartClientAsync(
        Action<IHangfireJobsBuilder> addJobs,
        Action<HangfireJobsOptions>? configure = null,
        Action<IServiceCollection>? services = null) =>
        StartAsync(
            addJobs,
            options =>
            {
                options.RunServer = false;
                configure?.Invoke(options);
            },
            services);

    public static IHost Create(
        Action<IHangfireJobsBuilder> addJobs, Action<HangfireJobsOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        var logs = new LogCapture();
        builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton(logs);
        addJobs(builder.Services.AddCoreHangfireJobs(options =>
        {
            options.ScanEntryAssembly = false;
            options.WorkerCount = 4;
            options.Storage.Provider = "InMemory";
            configure?.Invoke(options);
        }));
        builder.Services.AddSingleton<Probe>();
        services?.Invoke(builder.Services);
        return builder.Build();
    }

    /// <summary>Waits until the job is in the state and returns it.</summary>
    public async Task<JobInfo> WaitForAsync(string jobId, JobState state)
    {
        JobInfo? job = null;
        await Until.TrueAsync(() => (job = Jobs.Find(jobId))?.State == state, $"job {jobId} is {state}", () =>
            $"it is {job?.State} ({job?.Reason}; {job?.Error})");
        return job!;
    }

    public string? Parameter(string jobId, string name)
    {
        using var connection = Storage.GetConnection();
        return connection.GetJobParameter(jobId, name);
    }

    /// <summary>The stored state as the storage has it.</summary>
    public StateData StateOf(string jobId)
    {
        using var connection = Storage.GetConnection();
        return connection.GetStateData(jobId);
    }

    public Task StopAsync() => StopAsync(Timeout.InfiniteTimeSpan);

    /// <param name="patience">How long the host waits.</param>
    public async Task StopAsync(TimeSpan patience)
    {
        using var impatience = new CancellationTokenSource(patience);
        if (!_stopped)
            await _host.StopAsync(impatience.Token);
        _stopped = true;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
            _host.Dispose();
        }
        finally
        {
            _place.Dispose();
        }
    }
}
