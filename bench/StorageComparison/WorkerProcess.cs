using System.Diagnostics;
using System.Globalization;
using Hangfire;

namespace StorageComparison;

/// <summary>
/// A second process with a server on the same tables. It prints one line a job: when it began, as system-wide
/// timestamp, and how long after it was asked for.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    public WorkerProcess(Candidate opened, string connectionString, int workers)
    {
        _process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            ["worker", opened.Name, connectionString, opened.Place, workers.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        if (_process.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException("The worker process did not start.");
    }

    /// <returns><see langword="null"/> when the process has ended.</returns>
    public (long Began, TimeSpan Latency)? ReadJob()
    {
        if (_process.StandardOutput.ReadLine()?.Split(' ') is not { } parts)
            return null;
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), TimeSpan.FromTicks(long.Parse(parts[1], CultureInfo.InvariantCulture)));
    }

    public static void Run(string storage, string connectionString, string place, int workers)
    {
        var opened = Candidate.Reopen(storage, connectionString, place);
        using (new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = workers, SchedulePollingInterval = TimeSpan.FromSeconds(5) }, opened))
        {
            Console.WriteLine("ready");
            while (Console.ReadLine() is not null)
            {
            }
        }
        (opened as IDisposable)?.Dispose();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
            _process.Kill();
        _process.Dispose();
    }
}

/// <summary>The job of a worker process.</summary>
public static class Pickup
{
    public static void Run(long asked)
    {
        var began = Stopwatch.GetTimestamp();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{began} {Stopwatch.GetElapsedTime(asked, began).Ticks}"));
    }
}
