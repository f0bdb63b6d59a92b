using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kit;

/// <summary>
/// A process of a test, ready when it writes <c>@ready</c>, and stopped by real signals. Its input ends with the test's own
/// process, so that it can end then, too.
/// </summary>
public class ChildProcess : IAsyncDisposable
{
    private const int LogLines = 2_000;

    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _log = new();

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">What is different in its environment.</param>
    protected ChildProcess(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The process ended: {Log}"));
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    /// <summary>The end of what it has written to its error stream.</summary>
    public string Log => string.Join('\n', _log);

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public Task ReadyAsync(TimeSpan limit) => _ready.Task.WaitAsync(limit);

    /// <summary>Waits for its end, for as long as it takes.</summary>
    public Task EndAsync() => _process.WaitForExitAsync();

    /// <summary>Waits for its end, and fails when it does not come.</summary>
    public Task MustEndAsync() => EndAsync().WaitAsync(Until.Limit);

    /// <summary>Its input.</summary>
    protected StreamWriter Input => _process.StandardInput;

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Signal(string name)
    {
        if (Tool.Run("kill", $"-{name}", $"{Id}") != 0)
            throw new InvalidOperationException($"The process {Id} did not get the signal {name}.");
    }

    /// <summary>SIGTERM, and its end.</summary>
    public async Task StopAsync()
    {
        Signal("TERM");
        await _process.WaitForExitAsync().WaitAsync(Until.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    /// <param name="line">A line of its output; <see langword="null"/> at the end.</param>
    protected virtual void OnOutput(string? line)
    {
        if (line == "@ready")
            _ready.TrySetResult();
    }

    private void Keep(string line)
    {
        _log.Enqueue(line);
        if (_log.Count > LogLines)
            _log.TryDequeue(out _);
    }
}
