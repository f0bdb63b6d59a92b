using System.Runtime.InteropServices;

namespace TwoCompanies.Launcher;

/// <summary>Starts the database, the six apps and the console, and stops all of them on Ctrl+C.</summary>
internal static class Launch
{
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("TWOCOMPANIES_").AddCommandLine(args).Build();
        var data = Directory.CreateDirectory(BuildFacts.DataFolder).FullName;
        try
        {
            using var one = new FileStream(Path.Combine(data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            await RunAsync(configuration["postgres"], data, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception)
        {
            Events.Write("launcher", exception.Message);
            return 1;
        }
    }

    private static async Task RunAsync(string? postgres, string data, CancellationToken stop)
    {
        await using var own = postgres is null ? await LocalPostgres.StartAsync(Path.Combine(data, "postgres"), stop) : null;
        var databases = await Databases.CreateAsync(postgres ?? own!.ConnectionString, stop);
        Events.Write("launcher", $"Stop everything with Ctrl+C. The apps' logs are in {Path.Combine(data, "logs")}.");

        var started = DateTimeOffset.UtcNow;
        List<Task> running = [Events.TellOutagesAsync(started, stop)];
        foreach (var company in Company.All)
        {
            running.AddRange(company.Apps.Select(app =>
                new AppProcess($"{company.Code}/{app.Code}", databases[company.Code], started, Path.Combine(data, "logs")).RunAsync(stop)));
        }
        running.Add(ConsoleProcess.RunAsync(databases, data, stop));
        await Task.WhenAll(running);
    }
}
