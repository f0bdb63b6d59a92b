using System.Globalization;
using BenchKit;
using IsolationUnderLoad;

// How long runs of app B wait for a worker while app A, in the same schema, has 100,000 jobs waiting, 50,000 delayed ones due
// at once, and jobs that fail, hang and kill their process; and while A's server is dead. Starts a PostgreSQL server of its own.
//   dotnet run -c Release --project bench/IsolationUnderLoad [-- how many of the settings]
if (args is ["app", ..])
{
    await App.RunAsync(args[1..]);
    return;
}
if (args is ["enqueue", ..])
{
    Backlog.Enqueue(args[1..]);
    return;
}

Setting[] settings =
[
    new("A as by default", Workers: 10, Niceness: 0),
    new("A with niceness 10", Workers: 10, Niceness: 10),
    new("A with 2 workers", Workers: 2, Niceness: 0),
];
foreach (var setting in args is [var only] ? settings[..int.Parse(only, CultureInfo.InvariantCulture)] : settings)
{
    await using var measurement = await Measurement.StartAsync(setting);
    await measurement.RunAsync();
}
