using System.Globalization;
using BenchKit;
using Recovery;

// How long after a fault of their worker process jobs begin again in another process: kill -9, a suspension that outlasts the lease, and a
// network that carries nothing any more. Every fault has its own database; all of them run at the same time, as they mostly wait.
// Then how long after the promotion of a standby jobs are enqueued and begin, when the primary was killed.
//   dotnet run -c Release --project bench/Recovery -- [--times 20]
//   … --short   twice each
//   … --kills       only kill -9
//   … --failovers   only the last one
// Starts its own PostgreSQL servers.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [Trial.WorkerRole, ..])
{
    await App.RunAsync(args[1..]);
    return;
}
var arguments = new Arguments(args);
var times = arguments.Number("--times", 20, 2);
await using var server = await BenchServer.LaunchAsync();
(string Provider, Fault Fault)[] faults =
[
    (Place.PostgreSql, Fault.Kill),
    (Place.Sqlite, Fault.Kill),
    (Place.PostgreSql, Fault.Suspend),
    (Place.PostgreSql, Fault.Silence),
    (Place.Sqlite, Fault.Suspend),
];
var results = await Task.WhenAll(faults
    .Where(kind => !arguments.Has("--failovers") && (kind.Fault == Fault.Kill || !arguments.Has("--kills")))
    .Select(async kind => (kind.Provider, kind.Fault, Seconds: await Series.RunAsync(server, kind.Provider, kind.Fault, times))));
Console.WriteLine("\n| fault of a worker process, or of the database | database | times | jobs | begin again after: median | longest |");
Console.WriteLine("|---|---|---:|---:|---:|---:|");
foreach (var (provider, fault, seconds) in results)
    Print(Faults.NameOf(fault), provider, seconds);
if (!arguments.Has("--kills"))
    Print("the primary killed, its standby promoted: after the promotion", Place.PostgreSql, await Failovers.RunAsync(times));

void Print(string fault, string provider, List<double> seconds)
{
    var figures = $"{seconds.Count} | {seconds.Median():F1} s | {seconds.Max():F1} s";
    Console.WriteLine($"| {fault} | {provider} | {times} | {figures} |");
}
