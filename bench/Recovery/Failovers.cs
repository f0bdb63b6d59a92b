using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using BenchKit;
using Kit;
using Microsoft.Extensions.DependencyInjection;

namespace Recovery;

/// <summary>The loss of the primary of two servers again and again, while one process enqueues and another one works.</summary>
internal static class Failovers
{
    private const string Worker = "worker";
    private const int Workers = 10;

    /// <returns>Seconds from the end of each promotion until a job that was enqueued after it has begun.</returns>
    public static async Task<List<double>> RunAsync(int times)
    {
        await using var servers = new ReplicatedPostgres();
        await servers.StartAsync();
        await servers.AddStandbyAsync();
        using var folder = new TemporaryFolder();
        var ledger = folder.PathOf("ledger");
        await using var worker = await BenchProcess.StartAsync(
            [Trial.WorkerRole, .. Settings(servers, Workers), $"--Ledger={ledger}", $"--Part={Worker}"]);
        using var client = App.Build(Settings(servers, workers: 0));
        await client.StartAsync();
        var jobs = client.Services.GetRequiredService<IHangfireJobService>();
        await UntilExecutedAsync(jobs, ledger);
        List<double> all = [];
        for (var time = 1; time <= times; time++)
        {
            await servers.FailOverAsync();
            var at = Stopwatch.GetTimestamp();
            all.Add(Stopwatch.GetElapsedTime(at, await UntilExecutedAsync(jobs, ledger)).TotalSeconds);
            Console.Error.WriteLine($"{time}/{times} failover: {all[^1]:F1} s");
            await servers.AddStandbyAsync();
        }
        await worker.StopAsync();
        await client.StopAsync();
        return all;
    }

    private static IEnumerable<string> Settings(ReplicatedPostgres servers, int workers) =>
        App.Settings("bench", Place.PostgreSql, servers.ConnectionString, workers);

    /// <returns>When the job began.</returns>
    private static async Task<long> UntilExecutedAsync(IHangfireJobService jobs, string ledger)
    {
        string? id = null;
        long? begun = null;
        await Until.TrueAsync(() => (id = TryEnqueue(jobs)) is not null, "a call returns");
        await Until.TrueAsync(() => (begun = BegunAt(ledger, id!)) is not null, "the job begins");
        return begun!.Value;
    }

    private static string? TryEnqueue(IHangfireJobService jobs)
    {
        try
        {
            return jobs.Enqueue<Held>();
        }
        catch (Exception exception) when (exception is JobStorageUnavailableException or Hangfire.BackgroundJobClientException)
        {
            return null;
        }
    }

    private static long? BegunAt(string ledger, string id) => File.ReadLines(ledger).Select(static line => line.Split(' '))
        .Where(line => line is [Worker, var begun, _] && begun == id)
        .Select(static line => (long?)long.Parse(line[2], CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
