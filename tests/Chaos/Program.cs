using Chaos;
using Chaos.Processes;

// Breaks everything around three apps on one storage, mends it, and shows what became of every run:
//   dotnet run -c Release --project tests/Chaos -- --faults 500 [--storage PostgreSql|Sqlite] [--minutes 3] [--seed 1]
if (args is ["worker" or Flow.Role, ..])
{
    await AppHost.RunAsync(args[0], args[1..]);
    return 0;
}

await using var run = new ChaosRun(Options.Parse(args));
return await run.RunAsync() ? 0 : 1;
