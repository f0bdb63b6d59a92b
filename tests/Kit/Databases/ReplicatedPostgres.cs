using Npgsql;

namespace Kit;

/// <summary>
/// Two PostgreSQL servers in synchronous streaming replication: what the primary commits, the standby has on its disk as well. Either is
/// the primary in turn, on its own port.
/// </summary>
public sealed class ReplicatedPostgres : IAsyncDisposable
{
    private const string StandbyName = "standby";

    private readonly PostgresServer[] _servers = [new(), new()];
    private int _primary;

    /// <summary>Both, each of which may be the primary or the standby, or not run.</summary>
    public IReadOnlyList<PostgresServer> Servers => _servers;

    public PostgresServer Primary => _servers[_primary];

    public PostgresServer Standby => _servers[1 - _primary];

    /// <summary>Names each that has been started.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(Primary.ConnectionString)
    {
        Host = string.Join(',', _servers.Select(static server => server.Port).OfType<int>().Select(static port => $"127.0.0.1:{port}")),
    }.ToString();

    /// <summary>Starts the primary, which has no standby yet.</summary>
    public Task StartAsync() => Primary.StartAsync();

    /// <summary>
    /// Returns when the primary waits for the standby at each commit. A server that was the primary before is built again.
    /// </summary>
    /// <param name="tablespaces">Other folders for tablespaces.</param>
    public async Task AddStandbyAsync(params IEnumerable<(string Theirs, string Own)> tablespaces)
    {
        await Standby.StartAsStandbyAsync(Primary, StandbyName, tablespaces);
        await Primary.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{StandbyName}'");
        await Primary.ExecuteAsync("SELECT pg_reload_conf()");
        await Until.TrueAsync(IsSynchronousAsync, "the standby is synchronous");
    }

    /// <summary>The primary waits for no standby any more.</summary>
    public async Task MakeAsynchronousAsync()
    {
        await Primary.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = ''");
        await Primary.ExecuteAsync("SELECT pg_reload_conf()");
    }

    /// <summary>kill -9 of the primary.</summary>
    public Task KillPrimaryAsync() => Primary.KillAsync();

    public async Task PromoteStandbyAsync()
    {
        await Standby.PromoteAsync();
        _primary = 1 - _primary;
    }

    /// <summary>kill -9 of the primary, and the promotion of its standby.</summary>
    public async Task FailOverAsync()
    {
        await KillPrimaryAsync();
        await PromoteStandbyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // A primary that ends waits for its standby; a standby waits for nothing.
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }

    private async Task<bool> IsSynchronousAsync()
    {
        await using var command = Primary.Database.CreateCommand(
            "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'");
        return (long)(await command.ExecuteScalarAsync())! == 1;
    }
}
