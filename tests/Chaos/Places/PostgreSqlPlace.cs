using Asdamir.Data.Storage;
using Chaos.Processes;
using Kit;

namespace Chaos.Places;

/// <summary>A schema of a server that the kit starts, and which a standby replaces at a failover.</summary>
/// <param name="canFill">Whether its tables are on a disk that can be filled.</param>
internal sealed class PostgreSqlPlace(bool canFill) : IPlace, IFailover
{
    public const string Schema = "company";

    private readonly ReplicatedPostgres _servers = new();
    private SmallDisk? _diskOfStandby;

    public PostgresServer Server => _servers.Primary;

    public IFailover Failover => this;

    public SmallDisk? Disk { get; private set; } = canFill ? SmallDisk.TryMount(megabytes: 2_048) : null;

    public async Task StartAsync()
    {
        await _servers.StartAsync();
        if (Disk is not null)
        {
            await Server.ExecuteAsync($"CREATE TABLESPACE small LOCATION '{Disk.Path}'");
            await Server.ExecuteAsync("ALTER DATABASE postgres SET default_tablespace = small");
        }
        await Server.ExecuteAsync($"CREATE TABLE {Effects.Table} (job_id text NOT NULL)");
    }

    public async Task AddStandbyAsync()
    {
        _diskOfStandby = Disk is null ? null : SmallDisk.TryMount(megabytes: 2_048);
        await _servers.AddStandbyAsync(Disk is null ? [] : [(Disk.Path, _diskOfStandby!.Path)]);
    }

    public async Task FailOverAsync()
    {
        await _servers.FailOverAsync();
        Disk?.Dispose();
        Disk = _diskOfStandby;
        _diskOfStandby = null;
    }

    public FaultProxy NewProxy() => new(_servers);

    public IEnumerable<string> Settings(FaultProxy? proxy) =>
    [
        "--HangfireJobs:Storage:Provider=PostgreSql",
        $"--HangfireJobs:Storage:ConnectionString={proxy?.ConnectionString ?? _servers.ConnectionString}",
        $"--HangfireJobs:Storage:Schema={Schema}",
    ];

    public SqlJobStorage Open() =>
        new PostgreSqlJobStorage(_servers.ConnectionString, new PostgreSqlJobStorageOptions { Schema = Schema });

    public async Task<long> CountWithoutStateAsync()
    {
        await using var command = Server.Database.CreateCommand($"SELECT count(*) FROM {Schema}.job WHERE state IS NULL");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task<IReadOnlyList<string>> ReadEffectsAsync()
    {
        List<string> jobs = [];
        await using var command = Server.Database.CreateCommand($"SELECT job_id FROM {Effects.Table}");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            jobs.Add(row.GetString(0));
        return jobs;
    }

    public async ValueTask DisposeAsync()
    {
        await _servers.DisposeAsync();
        Disk?.Dispose();
        _diskOfStandby?.Dispose();
    }
}
