using System.Globalization;
using BenchKit;
using Fleet;
using Fleet.Systems;

// Many apps with few jobs each on one PostgreSQL, every app a worker process and an enqueuer process: what they cost idle and
// for each job, how soon jobs begin, and how many there can be; beside Hangfire.PostgreSql and Quartz.NET, in turns, medians of the rounds.
//   dotnet run -c Release --project bench/Fleet -- [--rounds 3] [--seconds 10] [--warm-up 30]
//                                                  [--idle 1,10] [--idle-seconds 30] [--only asdamir,…]
//   … --short        one round of a few seconds for each
//   … --together     each app is one process, which works and enqueues
//   … --statements   which statements a job takes, counted by the server, of Asdamir.Data alone; an app enqueues --jobs 60 a second
// Starts its own PostgreSQL server (fsync is on); needs pgbench.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [AppArguments.Worker or AppArguments.Enqueuer or AppArguments.Both, ..])
{
    await AppRole.RunAsync(AppArguments.Parse(args));
    return;
}
var options = Options.Parse(args);
await using var server = await BenchServer.LaunchAsync(options.CountsStatements);
await server.AddUserAsync(AppArguments.Worker);
await server.AddUserAsync(AppArguments.Enqueuer);
if (options.CountsStatements)
    await Statements.RunAsync(server, options);
else
    await Comparison.RunAsync(server, options);
