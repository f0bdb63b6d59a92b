using Asdamir.Data.Storage.PostgreSql;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>Connections are not reset whenever they are returned, so what changed a session must be taken back.</summary>
[NeedsPostgreSql]
public sealed class PooledConnectionTests(StorageServer server)
{
    [Fact]
    public void ReturnedConnection_HasNoSettingsAndChannels()
    {
        var options = new PostgreSqlJobStorageOptions { Schema = server.NewSchema(), MaxConnections = 1 };
        using var database = new PostgreSqlDatabase(server.ConnectionString, options);
        var connection = database.Connect("SET synchronous_commit = off; LISTEN asdamir_test");
        var process = connection.ProcessID;
        database.Return(connection);

        using var session = database.Read();

        Assert.Equal(
            (process, "on", 0L),
            session.First(
                """
                SELECT pg_backend_pid(), current_setting('synchronous_commit'), (SELECT count(*) FROM pg_listening_channels())
                """,
                static row => (row.GetInt32(0), row.GetString(1), row.GetInt64(2))));
    }

    [Fact]
    public void ConnectionThatCannotBeReset_IsNotUsedAgain()
    {
        var options = new PostgreSqlJobStorageOptions { Schema = server.NewSchema(), MaxConnections = 1 };
        using var database = new PostgreSqlDatabase(server.ConnectionString, options);
        var connection = database.Connect("SET synchronous_commit = off");
        var process = connection.ProcessID;
        using (var begin = new NpgsqlCommand("BEGIN; SELECT 1/0", connection))
            Assert.Throws<PostgresException>(() => begin.ExecuteNonQuery());
        database.Return(connection);

        using var session = database.Read();

        Assert.Equal(
            (true, "on"),
            session.First(
                "SELECT pg_backend_pid(), current_setting('synchronous_commit')",
                row => (row.GetInt32(0) != process, row.GetString(1))));
    }
}
