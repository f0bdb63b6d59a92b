using Kit;
using Npgsql;

namespace BenchKit;

/// <summary>
/// A PostgreSQL server that the bench starts (fsync is on), with a database for each measurement, so that its counters are those of
/// the measurement.
/// </summary>
public sealed class BenchServer : PostgresServer
{
    private int _postmaster;
    private int _databases;

    /// <param name="countsStatements">Whether <c>pg_stat_statements</c> counts, which costs processor time.</param>
    public static async Task<BenchServer> LaunchAsync(bool countsStatements = false)
    {
        var server = new BenchServer();
        await server.StartAsync();
        if (countsStatements)
        {
            await server.ExecuteAsync("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
            await server.StopImmediatelyAsync();
            await server.StartAgainAsync();
            await server.ExecuteAsync("CREATE EXTENSION pg_stat_statements");
        }
        server._postmaster = Processor.Parent(await server.AskAsync<int>("SELECT pg_backend_pid()"));
        return server;
    }

    /// <summary>Seconds of all its processes.</summary>
    public double ProcessorSeconds => Processor.Seconds(_postmaster);

    /// <summary>Adds a user who may do everything, by whose name its statements can be counted.</summary>
    public Task AddUserAsync(string name) => ExecuteAsync($"CREATE ROLE {name} LOGIN SUPERUSER");

    /// <returns>The connection string of a new, empty database.</returns>
    public async Task<NpgsqlConnectionStringBuilder> NewDatabaseAsync()
    {
        var name = $"bench{++_databases}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name };
    }

    public Task DropAsync(string database) => ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)");

    /// <returns>All transactions of a database.</returns>
    public Task<long> TransactionsAsync(string database) =>
        AskAsync<long>($"SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = '{database}'");

    /// <returns>How many connections a database has.</returns>
    public Task<long> ConnectionsAsync(string database) =>
        AskAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'");

    /// <summary>Begins to count statements anew.</summary>
    public Task ResetStatementsAsync() => ExecuteAsync("SELECT pg_stat_statements_reset()");

    /// <returns>The statements of a database by user, the most frequent ones first.</returns>
    public async Task<List<StatementCount>> StatementsAsync(string database)
    {
        await using var command = Database.CreateCommand($"""
            SELECT query, rolname, calls, rows, total_exec_time
            FROM pg_stat_statements s
            JOIN pg_database d ON d.oid = s.dbid
            JOIN pg_roles r ON r.oid = s.userid
            WHERE datname = '{database}'
            ORDER BY calls DESC
            """);
        await using var row = await command.ExecuteReaderAsync();
        List<StatementCount> statements = [];
        while (await row.ReadAsync())
            statements.Add(new StatementCount(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetDouble(4)));
        return statements;
    }

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
