using System.Diagnostics;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using BenchKit;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;

namespace Keys;

/// <summary>A backlog of trivial jobs: how fast it is enqueued, and then executed, by one process each time.</summary>
internal static class Measurement
{
    private const int Callers = 100;
    private const int Workers = 20;
    private const int Waiting = 100_000;
    private const string BenchQueue = "bench";

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
        if (variant.Limits == Limits.Beside)
            await LetWaitAsync(app.Services, service);
        var clock = Stopwatch.StartNew();
        if (variant.IsWorkflow)
        {
            await StoreWorkflowAsync(service, jobs);
            return await EndAsync();
        }
        await Parallel.ForAsync(0, jobs - 1, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (number, token) =>
            await EnqueueAsync(new Number(number), variant.OptionsOf(number), token));
        var last = variant.Floods ? new JobOptions { FairnessKey = "other" } : variant.OptionsOf(jobs - 1);
        await EnqueueAsync(new Number(jobs - 1), last, CancellationToken.None);
        return await EndAsync();

        async Task<TimeSpan> EndAsync()
        {
            var elapsed = clock.Elapsed;
            await app.StopAsync();
            return elapsed;
        }

        Task EnqueueAsync(Number number, JobOptions? options, CancellationToken token) => variant.Limits switch
        {
            Limits.Roomy => service.EnqueueAsync<RoomyJob, Number>(number, options, token),
            Limits.Keyed => service.EnqueueAsync<KeyedJob, Number>(number, options, token),
            _ => service.EnqueueAsync<TrivialJob, Number>(number, options, token),
        };
    }

    private static async Task StoreWorkflowAsync(IHangfireJobService jobs, int count)
    {
        await using var flow = jobs.NewWorkflow("bench");
        var all = flow.AddMany<TrivialJob, Number>(Enumerable.Range(0, count - 1).Select(static number => new Number(number)));
        flow.Add<TrivialJob, Number>(new Number(count - 1), after: all);
        await flow.CommitAsync();
    }

    private static async Task LetWaitAsync(IServiceProvider services, IHangfireJobService jobs)
    {
        const int Batch = 10_000;
        ((IJobLimits)services.GetRequiredService<JobStorage>()).ChangeLimit(BenchQueue, "closed", 0, "bench", null);
        for (var first = 0; first < Waiting; first += Batch)
            await jobs.EnqueueManyAsync<ClosedJob, Number>(Enumerable.Range(first, Batch).Select(static number => new Number(number)));
    }
}

/// <summary>The figures of one measurement.</summary>
/// <param name="Enqueued">Jobs a second.</param>
/// <param name="Executed">Jobs a second, with the start of the server.</param>
/// <param name="BeforeOther">How many jobs began before the one that was enqueued last.</param>
internal sealed record Figures(double Enqueued, double Executed, double BeforeOther);
