using System.Globalization;
using System.Runtime.InteropServices;
using Chaos;
using Chaos.Processes;
using Chaos.Soak;

// Breaks and restores everything around three apps on one storage, and reports the outcome of every job:
//   dotnet run -c Release --project tests/Chaos -- --faults 500 [--storage PostgreSql|Sqlite] [--minutes 3] [--seed 1]
//   dotnet run -c Release --project tests/Chaos -- --soak 30
if (args is ["worker" or Flow.Role or SoakFlow.Role or SoakFigures.Role, ..])
{
    await AppHost.RunAsync(args[0], args[1..]);
    return 0;
}

// Stopped by a signal, the kit ends what it has started.
using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    if (args is ["--soak", var minutes])
    {
        await using var soak = new SoakRun(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)));
        return await soak.RunAsync().WaitAsync(stop.Token) ? 0 : 1;
    }
    await using var job = new ChaosRun(Options.Parse(args));
    return await job.RunAsync(stop.Token) ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("Stopped.");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
