using System.Text.RegularExpressions;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>The one place that knows which storages there are and how they are tuned.</summary>
internal static partial class StorageChoice
{
    private const string InMemory = "InMemory";
    private const string PostgreSql = "PostgreSql";

    public static IEnumerable<string> FaultsOf(HangfireJobsStorageOptions options)
    {
        const string section = $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.Storage)}";
        if (Is(options, InMemory))
            yield break;
        if (!Is(options, PostgreSql))
        {
            yield return $"{section}:Provider = '{options.Provider}' is unknown. Fix: use {InMemory} or {PostgreSql}, or hand in a storage with UseStorage(…).";
            yield break;
        }
        if (FaultOfConnectionString(options.ConnectionString) is { } fault)
            yield return $"{section}:ConnectionString {fault}. Fix: write for example 'Host=db;Database=company;Username=jobs;Password=…'.";
        if (!SchemaPattern().IsMatch(options.Schema))
            yield return $"{section}:Schema = '{options.Schema}' is no valid schema name. Fix: use 1 to 63 lowercase letters, digits and '_', not starting with a digit.";
    }

    public static JobStorage Create(HangfireJobsStorageOptions options) =>
        Is(options, InMemory) ? new InMemoryStorage() : CreatePostgreSql(options);

    /// <summary>Where the storage is, for messages; never with a secret.</summary>
    public static string Describe(HangfireJobsStorageOptions options)
    {
        if (!Is(options, PostgreSql))
            return options.Provider;
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        return $"PostgreSQL at {connection.Host}:{connection.Port}, database {connection.Database}, schema {options.Schema}";
    }

    private static PostgreSqlStorage CreatePostgreSql(HangfireJobsStorageOptions options)
    {
        var settings = new PostgreSqlStorageOptions
        {
            SchemaName = options.Schema,
            // The start-up decides about waiting and failing; the storage must not start half, silently.
            AllowDegradedModeWithoutStorage = false,
            StartupConnectionMaxRetries = 0,
            // A crashed worker's runs come back after this time. A live worker renews it every 6 seconds.
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromSeconds(30),
            // A lock whose process died holds up every app of the schema for this long.
            DistributedLockTimeout = TimeSpan.FromMinutes(1),
            EnableLongPolling = true,
            QueuePollInterval = TimeSpan.FromSeconds(2),
        };
        // Hangfire.PostgreSql's installer fails when two apps create the schema at the same moment.
        using var connection = new NpgsqlConnection(options.ConnectionString);
        connection.Open();
        using var take = new NpgsqlCommand("select pg_advisory_lock(hashtext('hangfire-install'), hashtext($1))", connection);
        take.Parameters.AddWithValue(options.Schema);
        take.ExecuteNonQuery();
        try
        {
            return new PostgreSqlStorage(new NpgsqlConnectionFactory(options.ConnectionString, settings), settings);
        }
        finally
        {
            using var release = new NpgsqlCommand("select pg_advisory_unlock(hashtext('hangfire-install'), hashtext($1))", connection);
            release.Parameters.AddWithValue(options.Schema);
            release.ExecuteNonQuery();
        }
    }

    private static string? FaultOfConnectionString(string connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            return "is empty";
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host) ? "names no Host" : null;
        }
        catch (ArgumentException)
        {
            // The text itself may be a secret and stays out of the message.
            return "is not a valid Npgsql connection string";
        }
    }

    private static bool Is(HangfireJobsStorageOptions options, string provider) =>
        provider.Equals(options.Provider, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex SchemaPattern();
}
