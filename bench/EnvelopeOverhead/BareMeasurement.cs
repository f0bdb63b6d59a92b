using System.Diagnostics;
using Hangfire;
using Hangfire.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace EnvelopeOverhead;

/// <summary>Plain Hangfire: a class resolved from a scope, Hangfire's default filters.</summary>
internal static class BareMeasurement
{
    public static async Task<Figures> MeasureAsync(JobStorage storage, int jobs)
    {
        var done = new CountdownEvent(jobs);
        await using var services = new ServiceCollection().AddSingleton(done).AddTransient<BareJob>().BuildServiceProvider();
        var client = new BackgroundJobClient(storage);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < jobs; i++)
            client.Enqueue<BareJob>(job => job.RunAsync());
        var enqueued = clock.Elapsed;

        clock.Restart();
        using var server = new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                WorkerCount = Figures.WorkerCount,
                Activator = new AspNetCoreJobActivator(services.GetRequiredService<IServiceScopeFactory>())
            },
            storage);
        done.Wait();
        return new Figures(jobs / enqueued.TotalSeconds, jobs / clock.Elapsed.TotalSeconds);
    }
}

public sealed class BareJob(CountdownEvent done)
{
    public Task RunAsync()
    {
        done.Signal();
        return Task.CompletedTask;
    }
}
