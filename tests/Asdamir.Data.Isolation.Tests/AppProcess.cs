using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Threading.Channels;
using Apps.Kit;
using TestServers;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>One of the test executables as a process of its own, driven line by line and stopped by real signals.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _log = new();

    private AppProcess(string app, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Metadata("AppsDirectory"), app, Metadata("BuildOutput"), $"Apps.{app}.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Log => string.Join('\n', _log);

    public static async Task<AppProcess> StartAsync(string app, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var process = new AppProcess(app, arguments, environment);
        await process.AnswerAsync();
        return process;
    }

    public async Task<JsonElement> SendAsync(Command command)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command, Command.Json));
        await _process.StandardInput.FlushAsync();
        var answer = await AnswerAsync();
        return answer.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException(error.GetString())
            : answer.GetProperty("result");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, without waiting for the end.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();

    public async Task StopAsync()
    {
        Terminate();
        await WaitForExitAsync();
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync().WaitAsync(Until.Limit);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            _answers.Writer.TryComplete();
        else if (line.StartsWith('@'))
            _answers.Writer.TryWrite(line[1..]);
    }

    private async Task<JsonElement> AnswerAsync()
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        try
        {
            return JsonDocument.Parse(await _answers.Reader.ReadAsync(limit.Token)).RootElement;
        }
        catch (ChannelClosedException)
        {
            await _process.WaitForExitAsync(limit.Token);
            throw new InvalidOperationException($"The app ended with exit code {_process.ExitCode}:\n{Log}");
        }
    }

    private static string Metadata(string key) =>
        typeof(AppProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
