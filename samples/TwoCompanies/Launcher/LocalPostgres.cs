using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TwoCompanies.Launcher;

/// <summary>A PostgreSQL server of the sample's own: its data in a folder, on a free port of this machine only.</summary>
internal sealed class LocalPostgres : IAsyncDisposable
{
    private readonly string _folder;

    private LocalPostgres(string folder, int port)
    {
        _folder = folder;
        ConnectionString = $"Host=127.0.0.1;Port={port};Database=postgres;Username=postgres";
    }

    public string ConnectionString { get; }

    public static async Task<LocalPostgres> StartAsync(string folder, CancellationToken stop)
    {
        if (!File.Exists(Path.Combine(folder, "PG_VERSION")))
        {
            Directory.CreateDirectory(folder);
            if (Environment.UserName == "root")
                await RunAsync("chown", "postgres", folder);
            await RunToolAsync("initdb", "-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale");
        }
        else if (File.Exists(Path.Combine(folder, "postmaster.pid")))
        {
            await StopLeftOverAsync(folder);
        }
        stop.ThrowIfCancellationRequested();

        var port = FreePort();
        // pg_ctl keeps Ctrl+C away from the server, so that the apps can end first.
        await RunToolAsync(
            "pg_ctl", "-D", folder, "-w", "-l", Path.Combine(folder, "server.log"),
            "-o", $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200", "start");
        Events.Write("postgres", $"listens on 127.0.0.1:{port}");
        return new LocalPostgres(folder, port);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_folder);
        Events.Write("postgres", "has stopped");
    }

    // A launcher that was killed leaves its server running; a machine that was switched off leaves the file only.
    private static async Task StopLeftOverAsync(string folder)
    {
        try
        {
            await StopAsync(folder);
        }
        catch (InvalidOperationException fault)
        {
            Events.Write("postgres", fault.Message);
        }
    }

    private static Task StopAsync(string folder) => RunToolAsync("pg_ctl", "-D", folder, "-m", "fast", "-w", "stop");

    // PostgreSQL refuses to run as root.
    private static Task RunToolAsync(string tool, params string[] arguments) => Environment.UserName == "root"
        ? RunAsync("runuser", ["-u", "postgres", "--", Find(tool), .. arguments])
        : RunAsync(Find(tool), arguments);

    private static async Task RunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Trim()}");
    }

    private static string Find(string tool)
    {
        const string Debian = "/usr/lib/postgresql";
        string[] folders =
        [
            .. Directory.Exists(Debian)
                ? Directory.GetDirectories(Debian).OrderDescending().Select(static version => Path.Combine(version, "bin"))
                : [],
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        ];
        var program = OperatingSystem.IsWindows() ? tool + ".exe" : tool;
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"There is no PostgreSQL server on this machine ('{tool}' was not found). "
                + "Install the package 'postgresql', or name a server with --postgres \"Host=…;Username=…;Password=…\".");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
