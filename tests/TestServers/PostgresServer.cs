using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace TestServers;

/// <summary>A PostgreSQL server of the tests' own, on a free port and a new data directory, with its defaults for durability.</summary>
public class PostgresServer : IAsyncDisposable
{
    private static readonly string[] Directories = [.. Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
        : [], .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')];

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("asdamir-pg-");
    private Process? _server;
    private int _schemas;

    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource Database { get; private set; } = null!;

    public string NewSchema() => $"s{Interlocked.Increment(ref _schemas)}";

    public async Task StartAsync()
    {
        var port = FreePort();
        Run("chmod", "777", _data.FullName);
        var data = Path.Combine(_data.FullName, "data");
        await StartAs(Tool("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale").WaitForExitAsync();
        _server = StartAs(Tool("postgres"), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_data.FullName}", "-c", "max_connections=600");
        ConnectionString = $"Host=127.0.0.1;Port={port};Database=postgres;Username=postgres";
        Database = NpgsqlDataSource.Create(ConnectionString);

        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var answer = Database.CreateCommand("select 1");
                await answer.ExecuteNonQueryAsync();
                return;
            }
            catch (NpgsqlException) when (deadline.Elapsed < TimeSpan.FromSeconds(30) && !_server.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>kill -9 of the server and all its processes.</summary>
    public async Task KillAsync()
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(_data.FullName, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        int[] processes = [postmaster, .. ChildrenOf(postmaster)];
        foreach (var process in processes)
            Run("kill", "-9", $"{process}");
        await _server!.WaitForExitAsync();
        // What is left would keep the next server from starting.
        while (processes.Any(static process => Directory.Exists($"/proc/{process}")))
            await Task.Delay(10);
    }

    /// <summary>Ends at once without tidying up, so that the next start recovers as after a crash.</summary>
    public async Task StopImmediatelyAsync()
    {
        await StartAs(Tool("pg_ctl"), "-D", Path.Combine(_data.FullName, "data"), "-m", "immediate", "stop").WaitForExitAsync();
        await _server!.WaitForExitAsync();
    }

    /// <summary>Starts the server again on its data and its port.</summary>
    public async Task StartAgainAsync()
    {
        var port = $"{new NpgsqlConnectionStringBuilder(ConnectionString).Port}";
        var data = Path.Combine(_data.FullName, "data");
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            if (_server!.HasExited)
                _server = StartAs(Tool("postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_data.FullName}", "-c", "max_connections=600");
            try
            {
                await using var answer = Database.CreateCommand("select 1");
                await answer.ExecuteNonQueryAsync();
                return;
            }
            catch (NpgsqlException) when (deadline.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(100);
            }
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Database.DisposeAsync();
        if (_server is { HasExited: false })
        {
            // A fast shutdown by the server's own means, whoever it runs as.
            await StartAs(Tool("pg_ctl"), "-D", Path.Combine(_data.FullName, "data"), "-m", "fast", "stop").WaitForExitAsync();
            await _server.WaitForExitAsync();
        }
        Run("rm", "-rf", _data.FullName);
    }

    private static string Tool(string name) =>
        Directories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"The tests need PostgreSQL's server, and '{name}' was not found. Run eng/test.sh, which installs it, or install the package 'postgresql'.");

    // PostgreSQL refuses to run as root.
    private static Process StartAs(string tool, params string[] arguments) =>
        Environment.UserName == "root" ? Start("runuser", ["-u", "postgres", "--", tool, .. arguments]) : Start(tool, arguments);

    private static Process Start(string file, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/tmp" })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Run(string file, params string[] arguments) => Start(file, arguments).WaitForExit();

    private static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(static directory => int.TryParse(Path.GetFileName(directory), out _)))
        {
            string status;
            try
            {
                status = File.ReadAllText(Path.Combine(directory, "stat"));
            }
            catch (IOException)
            {
                continue;
            }
            // The name, in brackets, may hold anything; state and parent follow it.
            if (status[(status.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{parent}")
                yield return int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
