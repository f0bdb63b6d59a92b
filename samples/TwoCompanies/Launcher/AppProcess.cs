using System.Diagnostics;

namespace TwoCompanies.Launcher;

/// <summary>One app as a process, started again when it dies.</summary>
internal sealed class AppProcess(string app, string database, DateTimeOffset launcherStarted, string logs)
{
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task RunAsync(CancellationToken stop)
    {
        var file = Path.Combine(Directory.CreateDirectory(logs).FullName, app.Replace('/', '-') + ".log");
        await using var log = TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true });
        while (!stop.IsCancellationRequested)
        {
            using var process = Start(log);
            Events.Write(app, $"runs as process {process.Id}");
            await process.WaitForExitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                await StopAsync(process);
                break;
            }
            Events.Write(app, $"died with exit code {process.ExitCode} and is started again");
            await Task.Delay(Restart, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Process Start(TextWriter log)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [typeof(AppProcess).Assembly.Location, "--app", app])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment =
                {
                    ["HangfireJobs__Storage__Provider"] = "PostgreSql",
                    ["HangfireJobs__Storage__ConnectionString"] = database,
                    [PaymentGateway.StartedAt] = launcherStarted.ToString("O"),
                },
            },
        };
        process.OutputDataReceived += (_, line) => log.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => log.WriteLine(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task StopAsync(Process process)
    {
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (limit.IsCancellationRequested)
            process.Kill();
        Events.Write(app, limit.IsCancellationRequested ? "did not stop and was killed" : "has stopped");
    }
}
