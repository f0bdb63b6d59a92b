using System.Diagnostics;
using Npgsql;

namespace Kit;

/// <summary>A PgBouncer in transaction mode before a PostgreSQL server, on a free port.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    public string ConnectionString { get; private set; } = "";

    /// <param name="server">The connection string of the server.</param>
    public async Task StartAsync(string server)
    {
        var target = new NpgsqlConnectionStringBuilder(server);
        var port = LocalPort.Free();
        var settings = _folder.PathOf("pgbouncer.ini");
        await File.WriteAllTextAsync(
            settings,
            $"""
            [databases]
            * = host={target.Host} port={target.Port} user={target.Username}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            max_client_conn = 2000
            default_pool_size = 100
            """);
        Tool.Run("chmod", "-R", "a+rX", _folder.Path);
        _process = Start(settings);
        ConnectionString = $"{new NpgsqlConnectionStringBuilder(server) { Host = "127.0.0.1", Port = port, MaxPoolSize = 200 }}";
        await Until.TrueAsync(AnswersAsync, "PgBouncer answers");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _folder.Dispose();
    }

    // It ends with the input of its shell, however this process ends, and refuses to run as root.
    private static Process Start(string settings)
    {
        string[] shell = ["/bin/sh", "-c", """pgbouncer -q "$0" > /dev/null 2>&1 & read -r _; kill $!; wait""", settings];
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", .. shell] : shell;
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, WorkingDirectory = "/tmp" };
        // Debian installs it where only root looks.
        start.Environment["PATH"] += ":/usr/sbin";
        return Process.Start(start)!;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=False");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
