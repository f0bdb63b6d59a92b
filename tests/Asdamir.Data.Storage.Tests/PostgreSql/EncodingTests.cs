using Asdamir.Data.Storage.Conformance;
using Hangfire;
using Hangfire.States;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>Databases that were created with another encoding than UTF-8.</summary>
public sealed class EncodingTests(StorageServer server)
{
    [NeedsPostgreSql]
    [Theory]
    [InlineData("LATIN1")]
    [InlineData("WIN1254")]
    [InlineData("SQL_ASCII")]
    public void FirstUse_IsRefusedWithTheFix_WhenThePostgreSqlDatabaseIsNotUtf8(string encoding)
    {
        var name = $"db_{Guid.NewGuid():N}";
        using (var create = server.Database.CreateCommand(
            $"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"))
        {
            create.ExecuteNonQuery();
        }
        var address = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, Pooling = false }.ConnectionString;
        using var storage = new PostgreSqlJobStorage(address);

        var error = Assert.Throws<NotSupportedException>(storage.GetConnection);

        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"encoding {encoding}", error.Message, StringComparison.Ordinal);
        Assert.Contains("ENCODING 'UTF8' TEMPLATE template0", error.Message, StringComparison.Ordinal);
        using var database = new NpgsqlConnection(address);
        database.Open();
        using var look = new NpgsqlCommand("SELECT count(*) FROM pg_namespace WHERE nspname = 'hangfire'", database);
        Assert.Equal(0L, look.ExecuteScalar());
    }

    [Fact]
    public async Task Jobs_KeepTheirTexts_WhenTheSqliteFileIsUtf16()
    {
        const string Text = "ğüşİ 漢字 \ud83d\ude00 x\u0301";
        var file = server.NewPlace().File;
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var create = connection.CreateCommand();
            create.CommandText = "PRAGMA encoding = 'UTF-16le'; CREATE TABLE other (id INTEGER)";
            create.ExecuteNonQuery();
        }
        using var storage = new SqliteJobStorage($"Data Source={file}");
        var id = new BackgroundJobClient(storage).Create(SampleJobs.Text(Text), new EnqueuedState());

        Assert.Equal(Text, storage.GetMonitoringApi().JobDetails(id).Job.Args[0]);
        using var server16 = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 1 }, storage);
        await Until.EqualAsync("Succeeded", () => storage.GetMonitoringApi().JobDetails(id).History[0].StateName, "the state of the job");
        Assert.Equal([id], storage.Find(new JobQuery { Text = "漢字" }).Jobs.Select(static job => job.Id));
    }
}
