using Asdamir.Data.Storage;
using Kit;

namespace Chaos.Places;

/// <summary>A schema of a server that the kit starts.</summary>
/// <param name="canFill">Whether its tables are on a disk that can be filled.</param>
internal sealed class PostgreSqlPlace(bool canFill) : IPlace
{
    public const string Schema = "company";

    private readonly PostgresServer _server = new();

    public PostgresServer Server => _server;

    public SmallDisk? Disk { get; } = canFill ? SmallDisk.TryMount(megabytes: 2_048) : null;

    public async Task StartAsync()
    {
        await _server.StartAsync();
        if (Disk is null)
            return;
        foreach (var sql in new[]
        {
            $"CREATE TABLESPACE small LOCATION '{Disk.Path}'", "ALTER DATABASE postgres SET default_tablespace = small"
        })
        {
            await using var command = _server.Database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    public FaultProxy NewProxy() => new(_server.ConnectionString);

    public IEnumerable<string> Settings(FaultProxy? proxy) =>
    [
        "--HangfireJobs:Storage:Provider=PostgreSql",
        $"--HangfireJobs:Storage:ConnectionString={proxy?.ConnectionString ?? _server.ConnectionString}",
        $"--HangfireJobs:Storage:Schema={Schema}",
    ];

    public SqlJobStorage Open() => new PostgreSqlJobStorage(_server.ConnectionString, new PostgreSqlJobStorageOptions { Schema = Schema });

    public async Task<long> CountWithoutStateAsync()
    {
        await using var command = _server.Database.CreateCommand($"SELECT count(*) FROM {Schema}.job WHERE state IS NULL");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Disk?.Dispose();
    }
}
