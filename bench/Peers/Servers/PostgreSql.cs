using BenchKit;
using Npgsql;
using Kit;

namespace Peers.Servers;

/// <summary>A PostgreSQL with its defaults: fsync and synchronous_commit are on. What is written is its write-ahead log.</summary>
internal sealed class PostgreSql : IPeerServer
{
    private readonly PostgresServer _server = new();
    private int _postmaster;

    /// <returns><see langword="null"/> when there is no PostgreSQL.</returns>
    public static async Task<PostgreSql?> StartAsync()
    {
        var server = new PostgreSql();
        try
        {
            await server._server.StartAsync();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
        server._postmaster = Processor.Parent((int)server.Ask("select pg_backend_pid()"));
        return server;
    }

    public string PlaceFor(Runtime runtime) => runtime == Runtime.Node
        ? $"postgres://postgres@127.0.0.1:{new NpgsqlConnectionStringBuilder(_server.ConnectionString).Port}/postgres"
        : _server.ConnectionString;

    public double ProcessorSeconds() => Processor.Seconds(_postmaster);

    public long WrittenBytes(int client) => (long)Ask("select (pg_current_wal_insert_lsn() - '0/0')::bigint");

    // The first change of a page after a checkpoint is logged with the whole page.
    public void Settle()
    {
        using var checkpoint = _server.Database.CreateCommand("checkpoint");
        checkpoint.ExecuteNonQuery();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private object Ask(string sql)
    {
        using var command = _server.Database.CreateCommand(sql);
        return command.ExecuteScalar()!;
    }
}
