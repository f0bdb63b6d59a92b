using System.Diagnostics;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnvelopeOverhead;

/// <summary>The same work as an <see cref="IJob"/> of a host with an AppQueue.</summary>
internal static class EnvelopeMeasurement
{
    public static async Task<Figures> MeasureAsync(JobStorage storage, int jobs)
    {
        var done = new CountdownEvent(jobs);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(done);
        builder.Services.AddCoreHangfireJobs(options =>
        {
            options.ScanEntryAssembly = false;
            options.WorkerCount = Figures.WorkerCount;
            options.AppQueue = "bench";
        }).AddJob<EnvelopedJob>().UseStorage(_ => storage);
        using var host = builder.Build();
        var service = host.Services.GetRequiredService<IHangfireJobService>();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < jobs; i++)
            service.Enqueue<EnvelopedJob>();
        var enqueued = clock.Elapsed;

        clock.Restart();
        await host.StartAsync();
        done.Wait();
        var figures = new Figures(jobs / enqueued.TotalSeconds, jobs / clock.Elapsed.TotalSeconds);
        await host.StopAsync();
        return figures;
    }
}

public sealed class EnvelopedJob(CountdownEvent done) : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        done.Signal();
        return Task.FromResult(JobResult.Success());
    }
}
