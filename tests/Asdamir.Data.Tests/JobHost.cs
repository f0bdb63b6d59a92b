using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests;

/// <summary>A real host with a real server on the in-memory storage, with only the jobs a test gives it.</summary>
internal sealed class JobHost : IAsyncDisposable
{
    private readonly IHost _host;

    private JobHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IHangfireJobService Jobs => Services.GetRequiredService<IHangfireJobService>();

    public static async Task<JobHost> StartAsync(
        Action<IHangfireJobsBuilder> addJobs,
        Action<HangfireJobsOptions>? configure = null,
        Action<IServiceCollection>? services = null)
    {
        var host = Create(addJobs, configure, services);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new JobHost(host);
    }

    public static IHost Create(
        Action<IHangfireJobsBuilder> addJobs, Action<HangfireJobsOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        addJobs(builder.Services.AddCoreHangfireJobs(options =>
        {
            options.ScanEntryAssembly = false;
            options.WorkerCount = 4;
            configure?.Invoke(options);
        }));
        services?.Invoke(builder.Services);
        return builder.Build();
    }

    /// <summary>Waits until the run is in the state and returns it.</summary>
    public async Task<JobRun> WaitForAsync(string runId, RunState state, int seconds = 30)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var run = Jobs.Find(runId);
            if (run?.State == state)
                return run;
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Run {runId} is {run?.State} ({run?.Reason}; {run?.Error}) and not {state} after {seconds} s.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
