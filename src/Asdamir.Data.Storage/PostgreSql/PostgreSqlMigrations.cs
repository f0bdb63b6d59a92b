using System.Data;
using Asdamir.Data.Storage.Sql;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>Creates and updates the tables, in the first app that starts; others wait.</summary>
internal static class PostgreSqlMigrations
{
    public static void Apply(PostgreSqlDatabase database, PostgreSqlSource source, PostgreSqlJobStorageOptions options)
    {
        var schema = options.Schema;
        var known = Migration.Of("PostgreSql");
        using var connection = source.Open();
        var found = Found(connection, database, schema, known);
        if (found >= known[^1].Number)
            return;

        // It must see what others did while it waited for the lock, whatever the role's default isolation level.
        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        Run(connection, $"SELECT pg_advisory_xact_lock(hashtext('asdamir_migrations'), hashtext('{schema}'))");
        RefuseForeignTables(connection, schema, database.Description);
        if (!options.Migrate)
            throw Migration.Outdated(found, known, database.Description);
        // PostgreSQL requires the right to create a schema even when IF NOT EXISTS has nothing to do, so check first.
        var isMissing = Scalar(connection, $"SELECT to_regnamespace('\"{schema}\"')::text") is null;
        if (isMissing && options.CreateSchema)
            Run(connection, $"CREATE SCHEMA \"{schema}\"");
        else if (isMissing)
        {
            throw new JobStorageUnavailableException(
                $"The schema '{schema}' does not exist ({database.Description}), and the option CreateSchema is off. Nothing was written. "
                    + "Fix: create the schema, or turn CreateSchema on.")
            {
                Fault = JobStorageFault.TablesMissing,
            };
        }
        Run(connection, database.Sql("""
            CREATE TABLE IF NOT EXISTS {s}migration (
                number int PRIMARY KEY,
                oldest_compatible int NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now())
            """));
        var (applied, oldestCompatible) = Applied(connection, database);
        Migration.CheckCompatible(applied, oldestCompatible, known, database);
        foreach (var migration in known.Where(migration => migration.Number > applied))
        {
            Run(connection, database.Expand(migration.Sql));
            Run(
                connection,
                database.Sql(
                    $"INSERT INTO {{s}}migration (number, oldest_compatible) VALUES ({migration.Number}, {Migration.OldestCompatible})"));
        }
        transaction.Commit();
    }

    private static int Found(NpgsqlConnection connection, PostgreSqlDatabase database, string schema, IReadOnlyList<Migration> known)
    {
        if (Scalar(connection, $"SELECT to_regclass('\"{schema}\".migration')::text") is null)
            return 0;
        var (applied, oldestCompatible) = Applied(connection, database);
        Migration.CheckCompatible(applied, oldestCompatible, known, database);
        return applied;
    }

    private static (int Applied, int OldestCompatible) Applied(NpgsqlConnection connection, PostgreSqlDatabase database)
    {
        using var command = new NpgsqlCommand(
            database.Sql("SELECT coalesce(max(number), 0), coalesce(max(oldest_compatible), 0) FROM {s}migration"), connection);
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt32(0), row.GetInt32(1));
    }

    // Hangfire.PostgreSql keeps its version in a table named schema.
    private static void RefuseForeignTables(NpgsqlConnection connection, string schema, string description)
    {
        if (Scalar(connection, $"SELECT to_regclass('\"{schema}\".jobqueue')::text") is not null)
        {
            throw new NotSupportedException(
                $"The schema '{schema}' holds the tables of Hangfire.PostgreSql, which this storage does not touch ({description}). " +
                "Fix: use another schema for the option Schema, and let the old storage drain beside it.");
        }
    }

    private static object? Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
