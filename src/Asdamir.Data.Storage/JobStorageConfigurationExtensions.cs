using Hangfire;

namespace Asdamir.Data.Storage;

/// <summary>Chooses a storage in Hangfire's configuration.</summary>
public static class JobStorageConfigurationExtensions
{
    /// <summary>Stores jobs in PostgreSQL.</summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <param name="connectionString">The Npgsql connection string.</param>
    /// <param name="options">The settings; <see langword="null"/> for the default values.</param>
    /// <exception cref="ArgumentException">The connection string or a setting is invalid.</exception>
    public static IGlobalConfiguration<PostgreSqlJobStorage> UsePostgreSqlJobStorage(
        this IGlobalConfiguration configuration, string connectionString, PostgreSqlJobStorageOptions? options = null) =>
        configuration.UseStorage(new PostgreSqlJobStorage(connectionString, options));

    /// <summary>Stores jobs in a SQLite file.</summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <param name="connectionString">The connection string, as in <c>Data Source=jobs.db</c>.</param>
    /// <param name="options">The settings; <see langword="null"/> for the default values.</param>
    /// <exception cref="ArgumentException">The connection string or a setting is invalid.</exception>
    public static IGlobalConfiguration<SqliteJobStorage> UseSqliteJobStorage(
        this IGlobalConfiguration configuration, string connectionString, SqliteJobStorageOptions? options = null) =>
        configuration.UseStorage(new SqliteJobStorage(connectionString, options));
}
