using System.Globalization;
using BenchKit;
using Punctuality;

// How late delayed and recurring jobs begin in an idle process, how late the tokens of deleted jobs are cancelled, and how long it takes
// until very many jobs that are due at once are in the queue.
//   dotnet run -c Release --project bench/Punctuality -- [--jobs 300] [--seconds 120] [--at-once 50000]
//   … --short   fewer of all
//   … --cancel [--cancelled 200]   only how soon the tokens of running jobs are cancelled that another process deletes
// Starts its own PostgreSQL server.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [Measurement.WorkerRole, ..])
{
    await App.RunAsync(args[1..]);
    return;
}
var options = Options.Parse(args);
await using var server = await BenchServer.LaunchAsync();
Console.WriteLine("| what | database | jobs | late by: p50 | p99 |\n|---|---|---:|---:|---:|");
List<string> promotions = [];
foreach (var provider in new[] { Place.PostgreSql, Place.Sqlite })
{
    await using var measurement = await Measurement.StartAsync(server, provider);
    Print("cancelled jobs", provider, await measurement.CancelledAsync(options.Cancelled));
    if (options.OnlyCancel)
        continue;
    Print("delayed jobs", provider, await measurement.DelayedAsync(options.Jobs, options.Time));
    Print("recurring jobs", provider, await measurement.RecurringAsync(options.Time));
    var (promoted, begun) = await measurement.AtOnceAsync(options.AtOnce);
    promotions.Add($"| {provider} | {options.AtOnce:N0} | {promoted.TotalSeconds:F1} s | {begun.TotalSeconds:F1} s |");
}
if (promotions.Count == 0)
    return;
Console.WriteLine("\n| database | jobs due at once | all in the queue after | all begun after |\n|---|---:|---:|---:|");
promotions.ForEach(Console.WriteLine);

static void Print(string what, string provider, List<double> milliseconds) => Console.WriteLine(
    $"| {what} | {provider} | {milliseconds.Count} | {milliseconds.Median():N0} ms | {milliseconds.Percentile(99):N0} ms |");
