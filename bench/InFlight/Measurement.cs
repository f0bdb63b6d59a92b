using System.Diagnostics;
using Asdamir.Data.HangfireJobs;
using BenchKit;
using Kit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InFlight;

/// <summary>One process with workers, and with jobs that wait or none.</summary>
internal static class Measurement
{
    public const string WorkerRole = "worker";
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public static async Task<Figures> RunAsync(BenchServer server, string provider, int workers, int jobs, TimeSpan time)
    {
        using var place = await Place.NewAsync(provider, server);
        await using var process = await BenchProcess.StartAsync([WorkerRole, .. place.Settings(workers)]);
        await EnqueueAsync(place, jobs);
        var waiting = Math.Min(jobs, workers);
        await Until.TrueAsync(() => place.Lines().Count == waiting, $"{waiting} jobs wait");
        await Task.Delay(Settling);
        var (processor, clock) = (process.CpuTime, Stopwatch.StartNew());
        await Task.Delay(time);
        var used = (process.CpuTime - processor) / clock.Elapsed;
        using var seen = Process.GetProcessById(process.Id);
        return new Figures(
            place.Lines().Count, seen.Threads.Count, seen.WorkingSet64 / 1024.0 / 1024, used,
            provider == Place.Sqlite ? 0 : await server.ConnectionsAsync(DatabaseOf(place)));
    }

    private static string DatabaseOf(Place place) => new NpgsqlConnectionStringBuilder(place.ConnectionString).Database!;

    private static async Task EnqueueAsync(Place place, int jobs)
    {
        using var client = App.Build(place.Settings(workers: 0));
        await client.StartAsync();
        var service = client.Services.GetRequiredService<IHangfireJobService>();
        await service.EnqueueManyAsync<Waiting, NumberOfJob>(Enumerable.Range(0, jobs).Select(static number => new NumberOfJob(number)));
        await client.StopAsync();
    }
}
