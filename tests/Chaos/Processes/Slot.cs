using Chaos.Places;
using Kit;

namespace Chaos.Processes;

/// <summary>A place for one process of an app after the other, with its own way to the database.</summary>
internal sealed class Slot(IPlace place, string folder, string app, string role, int number) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private AppProcess? _process;
    private int _starts;
    private volatile AppProcess? _ending;

    public string App => app;

    public string Role => role;

    public FaultProxy? Proxy { get; } = place.NewProxy();

    public Life? Life { get; private set; }

    /// <summary>Whether its process can be struck by a fault.</summary>
    public bool IsReady { get; private set; }

    public AppProcess Process => _process!;

    public List<Life> Lives { get; } = [];

    /// <summary>Processes that ended unexpectedly, with the end of their logs.</summary>
    public List<string> Accidents { get; } = [];

    public async Task StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        Life = new Life($"{role}-{app}-{number}-{++_starts}", app, role);
        Lives.Add(Life);
        _process = AppProcess.Start(
            role,
            [
                $"--App={app}", $"--Ledger={Path.Combine(folder, Life.Name)}",
                $"--HangfireJobs:AppQueue={app}", $"--HangfireJobs:RecurringJobIdPrefix={app}",
                .. place.Settings(Proxy), "--HangfireJobs:Storage:WhenUnavailable=Retry",
                // A job is struck more often here than anywhere else, and retries must not take the time of the kit.
                "--HangfireJobs:MaxDeliveries=1000", "--HangfireJobs:WorkerCount=10",
                "--HangfireJobs:Retry:BaseDelay=00:00:01", "--HangfireJobs:Retry:MaxDelay=00:00:02",
                $"--HangfireJobs:RunServer={role != Flow.Role}",
            ],
            environment ?? new Dictionary<string, string>());
        _ = WatchAsync(_process, Life);
        await _process.ReadyAsync(StartLimit);
        IsReady = true;
    }

    /// <summary>The caller now decides when this process ends or continues.</summary>
    public void Take() => IsReady = false;

    public void Return() => IsReady = true;

    public async Task KillAsync()
    {
        _ending = _process;
        await Process.KillAsync();
    }

    public async Task StopAsync()
    {
        _ending = _process;
        await Process.StopAsync();
        if (Process.ExitCode != 0)
            Accidents.Add($"{Life!.Name} ended with exit code {Process.ExitCode} after SIGTERM:\n{Process.Log}");
    }

    public async ValueTask DisposeAsync()
    {
        _ending = _process;
        if (_process is not null)
            await _process.DisposeAsync();
        Proxy?.Dispose();
    }

    private async Task WatchAsync(AppProcess process, Life life)
    {
        await process.EndAsync();
        life.Ended = DateTime.UtcNow;
        await File.WriteAllTextAsync(Path.Combine(folder, $"{life.Name}.log"), process.Log);
        if (_ending != process)
        {
            Accidents.Add($"{life.Name} ended by itself with exit code {process.ExitCode}:\n{process.Log}");
            if (IsReady)
                await StartAsync();
        }
    }
}
