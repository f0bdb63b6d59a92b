using System.Diagnostics;
using Asdamir.Data.HangfireJobs;
using BenchKit;
using Microsoft.Extensions.DependencyInjection;

namespace Keys;

/// <summary>A backlog of trivial jobs: how fast it is enqueued, and then executed, by one process each time.</summary>
internal static class Measurement
{
    private const int Callers = 100;
    private const int Workers = 20;

    public static async Task<Figures> RunAsync(Place place, Variant variant, int jobs)
    {
        TrivialJob.Expect(jobs);
        var enqueued = await EnqueueAsync(place, variant, jobs);
        using var app = App.Build(place.Settings(Workers));
        var clock = Stopwatch.StartNew();
        await app.StartAsync();
        await TrivialJob.Done;
        var executed = clock.Elapsed;
        await app.StopAsync();
        return new Figures(jobs / enqueued.TotalSeconds, jobs / executed.TotalSeconds, TrivialJob.PlaceOf(jobs - 1));
    }

    private static async Task<TimeSpan> EnqueueAsync(Place place, Variant variant, int jobs)
    {
        using var app = App.Build(place.Settings(workers: 0));
        await app.StartAsync();
        var service = app.Services.GetRequiredService<IHangfireJobService>();
        var clock = Stopwatch.StartNew();
        await Parallel.ForAsync(0, jobs - 1, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (number, token) =>
            await service.EnqueueAsync<TrivialJob, Number>(new Number(number), variant.OptionsOf(number), token));
        var last = variant.Floods ? new JobOptions { FairnessKey = "other" } : variant.OptionsOf(jobs - 1);
        await service.EnqueueAsync<TrivialJob, Number>(new Number(jobs - 1), last);
        var elapsed = clock.Elapsed;
        await app.StopAsync();
        return elapsed;
    }
}

/// <summary>The figures of one measurement.</summary>
/// <param name="Enqueued">Jobs a second.</param>
/// <param name="Executed">Jobs a second, with the start of the server.</param>
/// <param name="BeforeOther">How many jobs began before the one that was enqueued last.</param>
internal sealed record Figures(double Enqueued, double Executed, double BeforeOther);
