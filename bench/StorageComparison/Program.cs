using Hangfire;
using StorageComparison;

// Storages side by side in one run: the same jobs, workers and threads, alternating; prints medians and ratios.
//   dotnet run -c Release --project bench/StorageComparison -- --connection "Host=…" [--rounds 5] [--jobs 20000] [--workers 20] [--only name,name]
//   … --processes 4        several worker processes on one backlog
//   … --growth 5000000     our PostgreSQL storage with that many retained runs beside empty tables
//   … --monitoring 1000000 what operators ask, with that many retained runs, beside Hangfire.PostgreSql
GlobalConfiguration.Configuration.UseNoOpLogProvider();
if (args is ["worker", var storage, var connectionString, var file, var workers])
{
    WorkerProcess.Run(storage, connectionString, file, int.Parse(workers, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

var options = Options.Parse(args);
if (options.Growth > 0)
{
    Growth.Run(options, options.Growth, options.Growth / 5);
    return;
}
if (options.Monitoring > 0)
{
    Monitoring.Run(options, options.Monitoring);
    return;
}
var folder = Directory.CreateTempSubdirectory("storage-comparison").FullName;
try
{
    Comparison.Run(options, folder);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
