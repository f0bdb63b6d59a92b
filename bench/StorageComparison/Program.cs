using Hangfire;
using StorageComparison;
using Kit;

// Storages side by side in one job: the same jobs, workers and threads, alternating; prints medians and ratios.
// dotnet run -c Release --project bench/StorageComparison -- [--connection "Host=…"] [--rounds 5] [--jobs 20000] [--workers 20] [--only
// name,name] … --processes 1,2,4,8 several worker processes on one backlog … --growth 10000,1000000,5000000 our PostgreSQL storage with
// that many retained jobs … --monitoring 1000000 what operators ask, with that many retained jobs, beside Hangfire.PostgreSql Without
// --connection it starts a PostgreSQL of its own.
GlobalConfiguration.Configuration.UseNoOpLogProvider();
if (args is ["worker", var storage, var connectionString, var place, var workers])
{
    WorkerProcess.Run(storage, connectionString, place, int.Parse(workers, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

var options = Options.Parse(args);
await using var server = options.NeedsServer ? await StartAsync() : null;
if (server is not null)
    options = options with { ConnectionString = server.ConnectionString };
var folder = Directory.CreateTempSubdirectory("storage-comparison").FullName;
try
{
    if (options.Growth.Count > 0)
        Growth.Run(options);
    else if (options.Monitoring > 0)
        Monitoring.Run(options, options.Monitoring);
    else if (options.Processes.Count > 0)
        Processes.Run(options, folder);
    else
        Comparison.Run(options, folder);
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static async Task<PostgresServer> StartAsync()
{
    var server = new PostgresServer();
    await server.StartAsync();
    return server;
}
