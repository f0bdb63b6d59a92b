using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Where the processes of a test keep their jobs, looked at from outside.</summary>
internal interface IPlace
{
    IEnumerable<string> Arguments { get; }

    SqlJobStorage Open();

    /// <summary>Past whatever the storage under test has between it and the database.</summary>
    Tables Rows { get; }

    /// <summary>Whether no process keeps all others from writing, as one that was suspended within a transaction of SQLite.</summary>
    bool IsWritable { get; }
}

internal static class PlaceExtensions
{
    /// <summary>What follows <c>FROM</c> for the states that jobs have had.</summary>
    public const string History = """
        (SELECT name, created_at FROM {s}state UNION ALL SELECT name, created_at FROM {s}told_entry) AS history
        """;

    /// <param name="place">The place.</param>
    /// <param name="sql">A query of a text and a number, with <c>{s}</c> for the schema.</param>
    public static List<(string Text, long Number)> Query(this IPlace place, string sql) =>
        place.Rows.Query(sql, static row => (row.GetString(0), row.GetInt64(1)));

    public static void Execute(this IPlace place, string sql) => place.Rows.Execute(sql);

    public static long Count(this IPlace place, string fromWhere) => place.Rows.Count(fromWhere);

    public static Dictionary<string, long> States(this IPlace place) =>
        place.Query("SELECT coalesce(state, 'none'), count(*) FROM {s}job GROUP BY 1")
            .ToDictionary(static row => row.Text, static row => row.Number);
}

internal sealed class PostgreSqlPlace : IPlace
{
    private readonly Func<PostgresServer> _server;

    public PostgreSqlPlace(PostgresServer server, string? connectionString = null)
        : this(() => server, connectionString ?? server.ConnectionString)
    {
    }

    public PostgreSqlPlace(ReplicatedPostgres servers)
        : this(() => servers.Primary, servers.ConnectionString)
    {
    }

    private PostgreSqlPlace(Func<PostgresServer> server, string connectionString)
    {
        _server = server;
        ConnectionString = connectionString;
    }

    // Another one in every place, as jobs in the test process are counted by it.
    public string Schema { get; init; } = $"s{Guid.NewGuid():N}";

    public string ConnectionString { get; }

    public IEnumerable<string> Arguments => ["database=postgres", $"connection={ConnectionString}", $"schema={Schema}"];

    public Tables Rows => new(() => _server().Database.CreateConnection(), $"\"{Schema}\".");

    public bool IsWritable => true;

    public SqlJobStorage Open() => Open(static _ => { });

    public PostgreSqlJobStorage Open(Action<PostgreSqlJobStorageOptions> set)
    {
        var options = new PostgreSqlJobStorageOptions
        {
            Schema = Schema, LeaseTimeout = TimeSpan.FromSeconds(Site.LongLease), PollInterval = TimeSpan.FromSeconds(1)
        };
        set(options);
        return new PostgreSqlJobStorage(ConnectionString, options);
    }
}

internal sealed class SqlitePlace(string file) : IPlace
{
    public string File => file;

    public string ConnectionString => $"Data Source={file}";

    public IEnumerable<string> Arguments => ["database=sqlite", $"connection={ConnectionString}"];

    public Tables Rows => new(() => new SqliteConnection($"{ConnectionString};Pooling=False"), "");

    public bool IsWritable
    {
        get
        {
            using var connection = new SqliteConnection($"{ConnectionString};Pooling=False;Default Timeout=3");
            connection.Open();
            try
            {
                connection.BeginTransaction(deferred: false).Dispose();
                return true;
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY)
            {
                return false;
            }
        }
    }

    public SqlJobStorage Open() => Open(static _ => { });

    public SqliteJobStorage Open(Action<SqliteJobStorageOptions> set)
    {
        var options = new SqliteJobStorageOptions { LeaseTimeout = TimeSpan.FromSeconds(Site.LongLease) };
        set(options);
        return new SqliteJobStorage(ConnectionString, options);
    }
}
