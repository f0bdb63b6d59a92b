using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>The storage of a company is a schema of the real server.</summary>
public sealed class PostgreSqlTables(string connectionString, string schema) : JobTables
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create($"{connectionString};Search Path={schema}");

    public override IEnumerable<string> Settings =>
    [
        "--HangfireJobs:Storage:Provider=PostgreSql", $"--HangfireJobs:Storage:ConnectionString={connectionString}",
        $"--HangfireJobs:Storage:Schema={schema}",
    ];

    public override async Task<long> WrittenBytesAsync() =>
        long.Parse((await TextsAsync("select cast(pg_relation_size('job') as text)"))[0]!, CultureInfo.InvariantCulture);

    protected override string HoldWrites => "BEGIN; LOCK TABLE job IN SHARE MODE";

    public override ValueTask DisposeAsync() => _database.DisposeAsync();

    protected override async Task<DbConnection> OpenAsync(bool forWriting) => await _database.OpenConnectionAsync();
}
