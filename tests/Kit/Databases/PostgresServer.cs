using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Kit;

/// <summary>A PostgreSQL server of the tests' own, on a free port and a new data directory, with its defaults for durability.</summary>
public class PostgresServer : IAsyncDisposable
{
    private static readonly string[] Directories = [.. Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
        : [], .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')];

    private const string User = "postgres";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asdamir-pg-");
    private Process? _server;
    private Process? _caretaker;
    private int _schemas;

    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary><see langword="null"/> before its first start.</summary>
    public int? Port => ConnectionString.Length == 0 ? null : new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    private string Data => Path.Combine(_folder.FullName, "data");

    public string NewSchema() => $"s{Interlocked.Increment(ref _schemas)}";

    public async Task StartAsync()
    {
        Prepare();
        await RunAsync("initdb", "-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-locale");
        await StartOnAFreePortAsync();
    }

    /// <summary>Becomes a standby of another server, as that is now. It has the port that it had, if it had one.</summary>
    /// <param name="primary">The other server.</param>
    /// <param name="name">Its name there, and that of its replication slot.</param>
    /// <param name="tablespaces">Other folders for tablespaces.</param>
    public async Task StartAsStandbyAsync(PostgresServer primary, string name, params IEnumerable<(string Theirs, string Own)> tablespaces)
    {
        ArgumentNullException.ThrowIfNull(primary);
        Prepare();
        if (Directory.Exists(Data))
            Directory.Delete(Data, recursive: true);
        await RunAsync(
            "pg_basebackup",
            [
                "-d", $"host=127.0.0.1 port={primary.Port} user={User} application_name={name}", "-D", Data, "-R", "-X", "stream",
                "-c", "fast", "-C", "-S", name, .. tablespaces.Select(static moved => $"--tablespace-mapping={moved.Theirs}={moved.Own}"),
            ]);
        // When it is the primary, it has no standby at first.
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.auto.conf"), "synchronous_standby_names = ''\n");
        if (Database is null)
            await StartOnAFreePortAsync();
        else
            await StartAgainAsync();
    }

    /// <summary>Makes a standby the primary.</summary>
    public Task PromoteAsync() => RunAsync("pg_ctl", "-D", Data, "-w", "-t", $"{Until.Limit.TotalSeconds}", "promote");

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task StartOnAFreePortAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            ConnectionString = $"Host=127.0.0.1;Port={LocalPort.Free()};Database=postgres;Username={User};Timeout=60";
            Database = NpgsqlDataSource.Create(ConnectionString);
            _server = Launch();
            if (await AnswersBeforeItEndsAsync())
                return;
            // Another process may have got the port first.
            await Database.DisposeAsync();
            if (attempt == 5)
                throw new InvalidOperationException($"The PostgreSQL server of the tests does not start: {File.ReadAllText(Log)}");
        }
    }

    /// <summary>kill -9 of the server and all its processes.</summary>
    public async Task KillAsync()
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        int[] processes = [postmaster, .. ChildrenOf(postmaster)];
        foreach (var process in processes)
            Tool.Run("kill", "-9", $"{process}");
        await _server!.WaitForExitAsync();
        // What is left would keep the next server from starting.
        await Until.TrueAsync(
            () => !processes.Any(static process => Directory.Exists($"/proc/{process}")),
            "all processes of the PostgreSQL server are gone");
    }

    /// <summary>Ends at once without tidying up, so that the next start recovers as after a crash.</summary>
    public async Task StopImmediatelyAsync()
    {
        await RunAsync("pg_ctl", "-D", Data, "-m", "immediate", "-W", "stop");
        await _server!.WaitForExitAsync();
    }

    /// <summary>It accepts no new clients from now on, and ends with the last one.</summary>
    public Task BeginToStopAsync() => RunAsync("pg_ctl", "-D", Data, "-m", "smart", "-W", "stop");

    /// <summary>Starts the server again on its data and its port.</summary>
    public Task StartAgainAsync() => Until.TrueAsync(
        async () =>
        {
            if (_server!.HasExited)
                _server = Launch();
            return await AnswersAsync();
        },
        "the PostgreSQL server is back",
        () => File.ReadAllTextAsync(Log));

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Database is not null)
            await Database.DisposeAsync();
        if (_server is { HasExited: false })
            // By the server's own means, whichever user it has, and without writing data that is no longer needed.
            await StopImmediatelyAsync();
        if (_caretaker is null)
            return;
        _caretaker.StandardInput.Close();
        await _caretaker.WaitForExitAsync();
        _caretaker.Dispose();
    }

    private string Log => Path.Combine(_folder.FullName, "log");

    // In a file, so that nothing waits for its reader.
    private Process Launch() => StartAs(
        "/bin/sh", "-c", """exec "$@" > "$0" 2>&1""", Log, Program("postgres"),
        "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c",
        $"unix_socket_directories={_folder.FullName}", "-c", "max_connections=600");

    private void Prepare()
    {
        NeedsPostgreSqlAttribute.Check();
        if (_caretaker is not null)
            return;
        Tool.Run("chmod", "777", _folder.FullName);
        _caretaker = StartCaretaker();
    }

    /// <summary>
    /// A process outside the group of this one, which waits for the end of its input: when this process ends, however it does,
    /// the server ends and its folder is removed.
    /// </summary>
    private Process StartCaretaker()
    {
        return Process.Start(new ProcessStartInfo(
            "setsid", ["/bin/sh", "-c", """exec > /dev/null 2>&1; read -r _; "$@"; rm -rf -- "$0" """, _folder.FullName,
            .. AsItsUser(Program("pg_ctl"), "-D", Data, "-m", "immediate", "stop")])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/tmp",
        })!;
    }

    private async Task<bool> AnswersBeforeItEndsAsync()
    {
        var answers = false;
        await Until.TrueAsync(
            async () => (answers = await AnswersAsync()) || _server!.HasExited, "the PostgreSQL server answers or ends",
            () => File.ReadAllTextAsync(Log));
        return answers;
    }

    // This one, and no other on the same port.
    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var question = Database.CreateCommand("SHOW data_directory");
            return Data.Equals(await question.ExecuteScalarAsync());
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string Program(string name) =>
        Directories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"The tests need PostgreSQL's server, and '{name}' was not found. "
                    + "Run eng/test.sh, which installs it, or install the package 'postgresql'.");

    // PostgreSQL refuses to run as root.
    private static string[] AsItsUser(params string[] command) =>
        Environment.UserName == "root" ? ["runuser", "-u", User, "--", .. command] : command;

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var command = AsItsUser([Program(program), .. arguments]);
        var (exitCode, output) = await Tool.RunAsync(command[0], command[1..], CancellationToken.None);
        if (exitCode != 0)
            throw new InvalidOperationException($"{program} failed with exit code {exitCode}: {output}");
    }

    private static Process StartAs(params string[] command)
    {
        var asItsUser = AsItsUser(command);
        var process = Process.Start(
            new ProcessStartInfo(asItsUser[0], asItsUser[1..])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/tmp"
            })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc")
            .Where(static directory => int.TryParse(Path.GetFileName(directory), out _)))
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
}
