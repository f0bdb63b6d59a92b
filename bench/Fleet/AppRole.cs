using System.Diagnostics;
using Fleet.Systems;
using Hangfire;
using Kit;

namespace Fleet;

/// <summary>What a process of an app does, until its input ends.</summary>
internal static class AppRole
{
    private const int Callers = 8;

    public static async Task RunAsync(AppArguments app)
    {
        GlobalConfiguration.Configuration.UseNoOpLogProvider();
        // A blocking call takes a thread, and none shall wait for one.
        ThreadPool.SetMinThreads(2 * Callers, 2 * Callers);
        using var ledger = app.IsEnqueuer ? new Ledger(app.EnqueuedLedger) : null;
        using var begun = app.IsWorker ? new Ledger(app.BegunLedger) : null;
        TrivialJob.NoteIn(begun);
        await using var system = JobSystems.Open(app);
        await system.StartAsync();
        Console.WriteLine("@ready");
        if (await Console.In.ReadLineAsync() is null)
            return;
        var number = 0;
        // The console's own asynchronous reads block.
        await await Task.WhenAny([Task.Run(Console.In.ReadToEnd), .. Enumerable.Range(0, Callers).Select(_ => Task.Run(CallAsync))]);

        // At random moments, as the requests of an app come; one that is late calls at once.
        async Task CallAsync()
        {
            var clock = Stopwatch.StartNew();
            for (
                var next = TimeSpan.Zero; ; next += TimeSpan.FromSeconds(
                    -Math.Log(1 - Random.Shared.NextDouble()) * Callers / app.PerSecond))
            {
                if (next > clock.Elapsed)
                    await Task.Delay(next - clock.Elapsed);
                var job = Interlocked.Increment(ref number);
                var called = Stopwatch.GetTimestamp();
                await system.EnqueueAsync(job);
                ledger!.Write($"{job} {called} {Stopwatch.GetTimestamp()}");
            }
        }
    }
}
