using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Kit;

namespace ConsoleLoad;

/// <summary>The console as its users run it: a process, with a company that is there and one whose database is away.</summary>
internal sealed partial class ConsoleProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asdamir-console-");
    private Process _process = null!;
    private string _password = "";
    private ProcessStartInfo _start = null!;

    public Uri Url { get; private set; } = null!;

    public TimeSpan StartedAfter { get; private set; }

    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<ConsoleProcess> StartAsync(string database)
    {
        var console = new ConsoleProcess();
        var program = Path.GetFullPath(
            Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(static fact => fact.Key == "AdminConsole").Value!);
        console.Url = new Uri($"http://127.0.0.1:{LocalPort.Free()}");
        console._start = new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["Urls"] = console.Url.ToString(),
                ["DataFolder"] = console._folder.FullName,
                ["Logging__LogLevel__Default"] = "Error",
                ["Companies__0__Code"] = "bench",
                ["Companies__0__Storage__Provider"] = "PostgreSql",
                ["Companies__0__Storage__ConnectionString"] = database,
                ["Companies__1__Code"] = "dead",
                ["Companies__1__Storage__Provider"] = "PostgreSql",
                ["Companies__1__Storage__ConnectionString"] = "Host=127.0.0.1;Port=1;Username=nobody",
            },
        };
        // The first start creates its own database, and counts less than the others.
        await console.BeginAsync();
        await console.EndAsync();
        await console.BeginAsync();
        return console;
    }

    public Task<HttpClient> SignInAsync() => SignInAsync("operator", _password);

    /// <summary>Adds an account, and signs in with it.</summary>
    public async Task<HttpClient> WelcomeAsync(string name)
    {
        var start = new ProcessStartInfo(
            "dotnet", [.. _start.ArgumentList, "accounts", "add", name, "--viewer", "bench"])
        { RedirectStandardOutput = true };
        foreach (var (key, value) in _start.Environment)
            start.Environment[key] = value;
        using var command = Process.Start(start)!;
        var told = await command.StandardOutput.ReadToEndAsync();
        return await SignInAsync(name, told.Split(' ')[^1].Trim());
    }

    private async Task<HttpClient> SignInAsync(string name, string password)
    {
        var browser = new HttpClient(
            new SocketsHttpHandler
            {
                CookieContainer = new CookieContainer(), UseCookies = true, MaxConnectionsPerServer = 1_000
            })
        { Timeout = Timeout.InfiniteTimeSpan };
        var token = Token().Match(await browser.GetStringAsync(new Uri(Url, "/login"))).Groups[1].Value;
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["__form"] = token, ["name"] = name, ["password"] = password });
        using var answer = await browser.PostAsync(new Uri(Url, "/login"), form);
        answer.EnsureSuccessStatusCode();
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Delete(recursive: true);
    }

    private async Task BeginAsync()
    {
        var clock = Stopwatch.GetTimestamp();
        _process = Process.Start(_start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (Password().Match(line.Data ?? "") is { Success: true } found)
                _password = found.Groups[1].Value;
        };
        _process.BeginOutputReadLine();
        using var probe = new HttpClient();
        while (true)
        {
            try
            {
                await probe.GetStringAsync(new Uri(Url, "/login"));
                break;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(10);
            }
        }
        StartedAfter = Stopwatch.GetElapsedTime(clock);
    }

    private async Task EndAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex("name=\"__form\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("with the password\\s+(\\S+)")]
    private static partial Regex Password();
}
