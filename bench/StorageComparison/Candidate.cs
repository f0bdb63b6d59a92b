using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace StorageComparison;

/// <summary>A storage that is measured. Each opening is on empty tables.</summary>
internal sealed class Candidate(string name, Func<string> newPlace, Func<string, JobStorage> open)
{
    public const string PostgreSql = "PostgreSqlJobStorage";
    public const string Sqlite = "SqliteJobStorage";
    public const string HangfirePostgreSql = "Hangfire.PostgreSql";
    public const string InMemory = "Hangfire.InMemory";
    public const string OurSchema = "bench_ours";
    public const string TheirSchema = "bench_theirs";

    public string Name => name;

    /// <summary>Where the tables of the last opening are: the SQLite file, or the schema.</summary>
    public string Place { get; private set; } = "";

    public JobStorage Open() => open(Place = newPlace());

    public static Candidate Of(string name, string connectionString, string folder, string schema = OurSchema)
    {
        return name switch
        {
            PostgreSql => new Candidate(name, () => schema, OpenEmptySchema),
            Sqlite =>
                new Candidate(name, () => Path.Combine(folder, $"{Guid.NewGuid():n}.db"), file => Reopen(name, connectionString, file)),
            HangfirePostgreSql => new Candidate(name, static () => TheirSchema, OpenEmptySchema),
            InMemory => new Candidate(name, static () => "", static _ => new InMemoryStorage()),
            _ => throw new ArgumentException($"'{name}' is no storage. Use {PostgreSql}, {Sqlite}, {HangfirePostgreSql} or {InMemory}."),
        };

        JobStorage OpenEmptySchema(string place)
        {
            Drop(connectionString, place);
            return Reopen(name, connectionString, place);
        }
    }

    /// <summary>On the tables that are there, for a second process.</summary>
    public static JobStorage Reopen(string name, string connectionString, string place) => name switch
    {
        PostgreSql => new PostgreSqlJobStorage(connectionString, new PostgreSqlJobStorageOptions { Schema = place }),
        Sqlite => new SqliteJobStorage($"Data Source={place}"),
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
