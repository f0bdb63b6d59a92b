using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.Storage;
using ConsoleLoad;
using StorageComparison;
using Kit;

// What the AdminConsole takes: its first answer with a dead company, the bytes of a first load, the jobs page over many
// jobs, and what 200 open live pages cost.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var jobs = args is ["--jobs", var wanted, ..] ? int.Parse(wanted, CultureInfo.InvariantCulture) : 1_000_000;
const int Pages = 200;
const string Schema = "hangfire";

await using var server = new PostgresServer();
await server.StartAsync();
Console.WriteLine($"Writing {jobs:N0} jobs …");
using (var storage = new PostgreSqlJobStorage(server.ConnectionString, new PostgreSqlJobStorageOptions { Schema = Schema }))
    storage.Queues();
RetainedJobs.WriteOurs(server.ConnectionString, Schema, jobs * 9 / 10, jobs / 10, 0);

await using var console = await ConsoleProcess.StartAsync(server.ConnectionString);
Console.WriteLine("| what | measured | aim |\n|---|---:|---:|");
Console.WriteLine(
    $"| start, with one of two databases dead, to the first answer | {console.StartedAfter.TotalMilliseconds:N0} ms | 1,000 ms |");

using var operatorsBrowser = await console.SignInAsync();
var load = await FirstLoad.MeasureAsync(console, "/bench/jobs?state=Failed");
Console.WriteLine($"| first load of the jobs page: page, style, script and icon over the wire | {load / 1024.0:N1} KB | 100 KB |");
foreach (var (what, path) in new[]
{
    ("jobs page, all states", "/bench/jobs"),
    ("jobs page, failed jobs of an app", "/bench/jobs?state=Failed&app=app7"),
    ("jobs page, succeeded jobs of a job, oldest first", "/bench/jobs?state=Succeeded&name=Job13&sort=oldest"),
    ("overview", "/bench"),
})
{
    var times = new List<double>();
    for (var i = 0; i < 60; i++)
    {
        var clock = Stopwatch.GetTimestamp();
        using var answer = await operatorsBrowser.GetAsync(new Uri(console.Url, path));
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
    }
    times.Sort();
    Console.WriteLine($"| {what}, {jobs:N0} jobs | median {times[30]:N0} ms, p95 {times[57]:N0} ms | 150 ms |");
}

// One page of each kind, so that only what further ones take is measured.
await using (await OpenPages.OpenAsync(console, 16))
    await Task.Delay(TimeSpan.FromSeconds(20));
var idle = console.Memory;
await using var pages = await OpenPages.OpenAsync(console, Pages);
await Task.Delay(TimeSpan.FromSeconds(20));
var processor = console.Processor;
var clockBegin = Stopwatch.GetTimestamp();
await Task.Delay(TimeSpan.FromSeconds(60));
var used = (console.Processor - processor) / Stopwatch.GetElapsedTime(clockBegin);
Console.WriteLine($"| {Pages} open live pages: memory | {(console.Memory - idle) / 1024.0 / 1024:N0} MB | 50 MB |");
Console.WriteLine($"| {Pages} open live pages: processor | {used:P1} of a core | 10 % |");
Console.WriteLine($"| updates they received in a minute | {pages.Updates:N0} | |");
