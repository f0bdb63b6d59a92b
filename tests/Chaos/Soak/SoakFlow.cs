using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Chaos.Soak;

/// <summary>
/// Enqueues at a steady rate: mostly at once, some many at a time, delayed, continued, or failing once. With a limit it stops while
/// so many jobs of its app wait.
/// </summary>
internal sealed class SoakFlow(IHangfireJobService jobs, JobStorage storage, IConfiguration configuration) : BackgroundService
{
    public const string Role = "soak-flow";
    private const int Threads = 8;
    private const int Many = 20;
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly double _perThread = double.Parse(configuration["Rate"]!, CultureInfo.InvariantCulture) / Threads;

    private readonly long _mostWaiting = configuration.GetValue("MostWaiting", long.MaxValue);
    private volatile bool _isEnough;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var threads = Task.WhenAll(
            Enumerable.Range(0, Threads)
                .Select(_ =>
                    Task.Factory.StartNew(
                        () => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        while (_mostWaiting < long.MaxValue && !stoppingToken.IsCancellationRequested)
        {
            _isEnough = ((SqlJobStorage)storage).Queues().Where(queue => queue.Name == configuration["HangfireJobs:AppQueue"])
                .Sum(static queue => queue.Waiting) > _mostWaiting;
            await Task.Delay(LookInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await threads;
    }

    private void Run(CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        for (var enqueued = 0.0; !stop.IsCancellationRequested; enqueued += EnqueueSome())
        {
            var ahead = TimeSpan.FromSeconds(enqueued / _perThread) - clock.Elapsed;
            if (ahead > TimeSpan.Zero)
                stop.WaitHandle.WaitOne(ahead);
            while (_isEnough && !stop.IsCancellationRequested)
                Thread.Sleep(1);
        }
    }

    private int EnqueueSome()
    {
        switch (Random.Shared.Next(100))
        {
            case 0:
                jobs.EnqueueMany<SoakWork, SoakOrder>(Enumerable.Range(0, Many).Select(static _ => Now()));
                return Many;
            case < 6:
                jobs.Schedule<SoakWork, SoakOrder>(Now() with { Due = 0 }, Delay);
                return 1;
            case < 8:
                jobs.Enqueue<SoakWork, SoakOrder>(Now() with { Failures = 1 });
                return 1;
            case < 10:
                jobs.ContinueWith<SoakWork, SoakOrder>(Now(), jobs.Enqueue<SoakWork, SoakOrder>(Now()));
                return 2;
            default:
                jobs.Enqueue<SoakWork, SoakOrder>(Now());
                return 1;
        }
    }

    private static SoakOrder Now() => new(Stopwatch.GetTimestamp());
}
