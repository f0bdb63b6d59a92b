using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>The storage app as a process of its own, stopped by real signals.</summary>
internal sealed class StorageProcess : IAsyncDisposable
{
    private static readonly string App = typeof(StorageProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static attribute => attribute.Key == "StorageApp").Value!;

    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _log = new();

    private StorageProcess(string ledger, IEnumerable<string> arguments)
    {
        Ledger = ledger;
        _process = Process.Start(new ProcessStartInfo("dotnet", [App, $"ledger={ledger}", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The process ended: {Log}"));
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == "@ready")
                _ready.TrySetResult();
        };
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Ledger { get; }

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    public string Log => string.Join('\n', _log);

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<StorageProcess> StartAsync(string ledger, IEnumerable<string> arguments)
    {
        var process = new StorageProcess(ledger, arguments);
        await process._ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return process;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>SIGTERM, and its end.</summary>
    public async Task StopAsync()
    {
        Signal("TERM");
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(90));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
