using System.Globalization;
using BenchKit;
using InFlight;

// What asynchronous jobs that wait take in one process: threads, memory, processor. A process executes at most as many as it has workers.
//   dotnet run -c Release --project bench/InFlight -- [--jobs 10000] [--workers 10000] [--seconds 20]
//   … --short   300 jobs and 100 workers
// Starts its own PostgreSQL server.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [Measurement.WorkerRole, ..])
{
    await App.RunAsync(args[1..]);
    return;
}
var given = new Arguments(args);
var (jobs, workers) = (given.Number("--jobs", 10_000, 300), given.Number("--workers", 10_000, 100));
var time = TimeSpan.FromSeconds(given.Number("--seconds", 20, 3));
await using var server = await BenchServer.LaunchAsync();
Console.WriteLine("| database | process | jobs that wait in it | threads | memory | memory a job | processor | connections |");
Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
foreach (var provider in new[] { Place.PostgreSql, Place.Sqlite })
{
    var small = await Measurement.RunAsync(server, provider, workers: 10, jobs: 0, time);
    Print("idle, 10 workers", small);
    Print($"idle, {workers} workers", await Measurement.RunAsync(server, provider, workers, jobs: 0, time));
    Print($"{jobs:N0} jobs, {workers} workers", await Measurement.RunAsync(server, provider, workers, jobs, time));

    void Print(string process, Figures figures)
    {
        var job = figures.Waiting == 0 ? "" : $"{(figures.Megabytes - small.Megabytes) * 1_024 / figures.Waiting:N0} KB";
        Console.WriteLine(
            $"| {provider} | {process} | {figures.Waiting:N0} | {figures.Threads:N0} | {figures.Megabytes:N0} MB | {job} "
            + $"| {figures.Processor:P1} of a core | {figures.Connections} |");
    }
}
