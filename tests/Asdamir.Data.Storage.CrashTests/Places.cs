using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Where the processes of a test keep their jobs, looked at from outside.</summary>
internal interface IPlace
{
    IEnumerable<string> Arguments { get; }

    SqlJobStorage Open();

    /// <param name="sql">A query with <c>{s}</c> for the schema.</param>
    List<(string Text, long Number)> Query(string sql);

    /// <param name="sql">A statement with <c>{s}</c> for the schema.</param>
    void Execute(string sql);
}

internal static class PlaceExtensions
{
    public static long Count(this IPlace place, string fromWhere) => place.Query($"SELECT '', count(*) FROM {fromWhere}")[0].Number;

    public static Dictionary<string, long> States(this IPlace place) =>
        place.Query("SELECT coalesce(state, 'none'), count(*) FROM {s}job GROUP BY 1").ToDictionary(static row => row.Text, static row => row.Number);
}

internal sealed class PostgreSqlPlace(PostgresServer server, string? connectionString = null) : IPlace
{
    // Another one on every server, as jobs in the test process are counted by it.
    public string Schema { get; } = $"{server.NewSchema()}_{Guid.NewGuid():N}";

    public string ConnectionString => connectionString ?? server.ConnectionString;

    public IEnumerable<string> Arguments => ["database=postgres", $"connection={ConnectionString}", $"schema={Schema}"];

    public SqlJobStorage Open() => Open(static _ => { });

    public PostgreSqlJobStorage Open(Action<PostgreSqlJobStorageOptions> set)
    {
        var options = new PostgreSqlJobStorageOptions { Schema = Schema, LeaseTimeout = TimeSpan.FromSeconds(Site.LongLease), PollInterval = TimeSpan.FromSeconds(1) };
        set(options);
        return new PostgreSqlJobStorage(ConnectionString, options);
    }

    // Past whatever the storage under test has between it and the server.
    public List<(string Text, long Number)> Query(string sql)
    {
        using var command = server.Database.CreateCommand(sql.Replace("{s}", $"\"{Schema}\".", StringComparison.Ordinal));
        using var row = command.ExecuteReader();
        List<(string, long)> rows = [];
        while (row.Read())
            rows.Add((row.GetString(0), row.GetInt64(1)));
        return rows;
    }

    public void Execute(string sql)
    {
        using var command = server.Database.CreateCommand(sql.Replace("{s}", $"\"{Schema}\".", StringComparison.Ordinal));
        command.ExecuteNonQuery();
    }
}

internal sealed class SqlitePlace(string file) : IPlace
{
    public string File => file;

    public string ConnectionString => $"Data Source={file}";

    public IEnumerable<string> Arguments => ["database=sqlite", $"connection={ConnectionString}"];

    public SqlJobStorage Open() => Open(static _ => { });

    public SqliteJobStorage Open(Action<SqliteJobStorageOptions> set)
    {
        var options = new SqliteJobStorageOptions { LeaseTimeout = TimeSpan.FromSeconds(Site.LongLease) };
        set(options);
        return new SqliteJobStorage(ConnectionString, options);
    }

    public List<(string Text, long Number)> Query(string sql)
    {
        using var connection = new SqliteConnection($"{ConnectionString};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql.Replace("{s}", "", StringComparison.Ordinal);
        using var row = command.ExecuteReader();
        List<(string, long)> rows = [];
        while (row.Read())
            rows.Add((row.GetString(0), row.GetInt64(1)));
        return rows;
    }

    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"{ConnectionString};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql.Replace("{s}", "", StringComparison.Ordinal);
        command.ExecuteNonQuery();
    }
}
