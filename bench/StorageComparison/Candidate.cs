using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace StorageComparison;

/// <summary>A storage that is measured. Each opening is on empty tables.</summary>
internal sealed class Candidate(string name, Func<string, JobStorage> open, string folder)
{
    public const string PostgreSql = "PostgreSqlJobStorage";
    public const string Sqlite = "SqliteJobStorage";
    public const string HangfirePostgreSql = "Hangfire.PostgreSql";
    public const string InMemory = "Hangfire.InMemory";
    public const string OurSchema = "bench_ours";
    public const string TheirSchema = "bench_theirs";

    public string Name => name;

    /// <summary>The SQLite file of the last opening.</summary>
    public string File { get; private set; } = "";

    public JobStorage Open() => open(File = Path.Combine(folder, $"{Guid.NewGuid():n}.db"));

    public static Candidate Of(string name, string connectionString, string folder) => name switch
    {
        PostgreSql => new Candidate(name, _ =>
        {
            Drop(connectionString, OurSchema);
            return Reopen(name, connectionString, "");
        }, folder),
        Sqlite => new Candidate(name, file => Reopen(name, connectionString, file), folder),
        HangfirePostgreSql => new Candidate(name, _ =>
        {
            Drop(connectionString, TheirSchema);
            return Reopen(name, connectionString, "");
        }, folder),
        InMemory => new Candidate(name, static _ => new InMemoryStorage(), folder),
        _ => throw new ArgumentException($"'{name}' is no storage. Use {PostgreSql}, {Sqlite}, {HangfirePostgreSql} or {InMemory}."),
    };

    /// <summary>On the tables that are there, for a second process.</summary>
    public static JobStorage Reopen(string name, string connectionString, string file) => name switch
    {
        PostgreSql => new PostgreSqlJobStorage(connectionString, new PostgreSqlJobStorageOptions { Schema = OurSchema }),
        Sqlite => new SqliteJobStorage($"Data Source={file}"),
        _ => new PostgreSqlStorage(new NpgsqlConnectionFactory(connectionString, TheirOptions), TheirOptions),
    };

    private static readonly PostgreSqlStorageOptions TheirOptions = new()
    {
        SchemaName = TheirSchema,
        // Its fastest settings: woken by notifications, and a heartbeat instead of a held transaction.
        EnableLongPolling = true,
        UseSlidingInvisibilityTimeout = true,
        QueuePollInterval = TimeSpan.FromSeconds(1),
    };

    private static void Drop(string connectionString, string schema)
    {
        NpgsqlConnection.ClearAllPools();
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var drop = new NpgsqlCommand($"drop schema if exists {schema} cascade", connection);
        drop.ExecuteNonQuery();
    }
}
