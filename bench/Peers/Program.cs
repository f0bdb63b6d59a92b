using Hangfire;
using Peers;

// Job systems side by side in one job, each with durable settings of its own: the same jobs and workers, in turns; prints a table of
// medians. dotnet run -c Release --project bench/Peers -- [--rounds 3] [--jobs 10000] [--workers 20] [--only name,name] It starts a
// PostgreSQL and two Redis servers of its own, and 'npm ci' in node/. A peer whose runtime is missing is left out, and named.
GlobalConfiguration.Configuration.UseNoOpLogProvider();
if (args is ["serve", var key, var place])
{
    await PeerHost.ServeAsync(key, place);
    return;
}
await Comparison.RunAsync(Options.Parse(args));
