using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>The storage of a company is a file that its processes share.</summary>
public sealed class SqliteTables(string file) : JobTables
{
    public override IEnumerable<string> Settings =>
        ["--HangfireJobs:Storage:Provider=Sqlite", $"--HangfireJobs:Storage:ConnectionString=Data Source={file}"];

    public override Task<long> WrittenBytesAsync() => Task.FromResult(new FileInfo($"{file}-wal").Length);

    protected override string HoldWrites => "BEGIN IMMEDIATE";

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task<DbConnection> OpenAsync(bool forWriting)
    {
        var connection = new SqliteConnection($"Data Source={file};Mode={(forWriting ? "ReadWrite" : "ReadOnly")};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }
}
