using Asdamir.Data.Storage;
using Microsoft.Data.Sqlite;
using Kit;

namespace Chaos.Places;

/// <summary>A SQLite file that all processes share, on a disk that can be filled.</summary>
internal sealed class SqlitePlace : IPlace
{
    private readonly TemporaryFolder _folder = new();

    public PostgresServer? Server => null;

    public IFailover? Failover => null;

    public SmallDisk? Disk { get; } = SmallDisk.TryMount(megabytes: 2_048, owner: null);

    private string ConnectionString => $"Data Source={Path.Combine(Disk?.Path ?? _folder.Path, "jobs.db")}";

    public Task StartAsync() => Task.CompletedTask;

    public FaultProxy? NewProxy() => null;

    public IEnumerable<string> Settings(FaultProxy? proxy) =>
        ["--HangfireJobs:Storage:Provider=Sqlite", $"--HangfireJobs:Storage:ConnectionString={ConnectionString}"];

    public SqlJobStorage Open() => new SqliteJobStorage(ConnectionString);

    public Task<IReadOnlyList<string>> ReadEffectsAsync() => Task.FromResult<IReadOnlyList<string>>([]);

    public async Task<long> CountWithoutStateAsync()
    {
        await using var connection = new SqliteConnection($"{ConnectionString};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM job WHERE state IS NULL";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync()
    {
        Disk?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
