using System.Reflection;
using System.Text.Json;
using System.Threading.Channels;
using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>One of the test executables as a process, which answers each line with a line.</summary>
public sealed class AppProcess : ChildProcess
{
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();

    private AppProcess(string app, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
        : base(
            ["dotnet", Path.Combine(Metadata("AppsDirectory"), app, Metadata("BuildOutput"), $"Apps.{app}.dll"), .. arguments], environment)
    {
    }

    public static async Task<AppProcess> StartAsync(
        string app, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var process = new AppProcess(app, arguments, environment);
        await process.AnswerAsync();
        return process;
    }

    public async Task<JsonElement> SendAsync(Command command)
    {
        await Input.WriteLineAsync(JsonSerializer.Serialize(command, Command.Json));
        await Input.FlushAsync();
        var answer = await AnswerAsync();
        return answer.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException(error.GetString())
            : answer.GetProperty("result");
    }

    protected override void OnOutput(string? line)
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
            await EndAsync().WaitAsync(limit.Token);
            throw new InvalidOperationException($"The app ended with exit code {ExitCode}:\n{Log}");
        }
    }

    private static string Metadata(string key) =>
        typeof(AppProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
