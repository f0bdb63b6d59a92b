using System.Globalization;
using BenchKit;
using Recovery;

// How long after a fault of their worker process jobs begin again in another process: kill -9, a suspension that outlasts the lease, and a
// network that carries nothing any more. Every fault has its own database; all of them run at the same time, as they mostly wait.
//   dotnet run -c Release --project bench/Recovery -- [--times 20]
//   … --short   twice each
// Starts its own PostgreSQL server.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [Trial.WorkerRole, ..])
{
    await App.RunAsync(args[1..]);
    return;
}
var times = new Arguments(args).Number("--times", 20, 2);
await using var server = await BenchServer.LaunchAsync();
var results = await Task.WhenAll(new (string Provider, Fault Fault)[]
{
    (Place.PostgreSql, Fault.Kill),
    (Place.PostgreSql, Fault.Suspend),
    (Place.PostgreSql, Fault.Silence),
    (Place.Sqlite, Fault.Kill),
    (Place.Sqlite, Fault.Suspend),
}.Select(async kind => (kind.Provider, kind.Fault, Seconds: await Series.RunAsync(server, kind.Provider, kind.Fault, times))));
Console.WriteLine("\n| fault of a worker process | database | times | jobs | begin again after: median | longest |");
Console.WriteLine("|---|---|---:|---:|---:|---:|");
foreach (var (provider, fault, seconds) in results)
{
    var figures = $"{seconds.Count} | {seconds.Median():F1} s | {seconds.Max():F1} s";
    Console.WriteLine($"| {Faults.NameOf(fault)} | {provider} | {times} | {figures} |");
}
