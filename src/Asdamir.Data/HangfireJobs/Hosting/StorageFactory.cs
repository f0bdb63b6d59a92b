using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>The one place that knows which storages there are and how they are set up.</summary>
internal static partial class StorageFactory
{
    private const string InMemory = "InMemory";
    private const string PostgreSql = "PostgreSql";
    private const string Sqlite = "Sqlite";
    private const int FewestConnections = 8;
    private const int MostConnections = 1_000;
    private const string DefaultFile = "Data Source=jobs.db";

    /// <param name="section">The path of the options in the configuration, for messages.</param>
    public static IEnumerable<string> FaultsOf(HangfireJobsStorageOptions options, string section = $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.Storage)}")
    {
        if (Is(options, InMemory))
            yield break;
        if (Is(options, Sqlite))
        {
            if (FaultOfFile(options.ConnectionString) is { } fileFault)
                yield return $"{section}:ConnectionString {fileFault}. Fix: leave it empty, or write for example 'Data Source=/var/lib/shop/jobs.db'; for jobs in memory set Provider to {InMemory}.";
            yield break;
        }
        if (!Is(options, PostgreSql))
        {
            yield return $"{section}:Provider = {ShownSetting.Of(options.Provider)} is unknown. Fix: use {Sqlite}, {PostgreSql} or {InMemory}, or hand in a storage with UseStorage(…).";
            yield break;
        }
        if (FaultOfServer(options.ConnectionString) is { } fault)
            yield return $"{section}:ConnectionString {fault}. Fix: write for example 'Host=db;Database=company;Username=jobs;Password=…'.";
        if (!SchemaPattern().IsMatch(options.Schema))
            yield return $"{section}:Schema = {ShownSetting.Of(options.Schema)} is no valid schema name. Fix: use 1 to 63 lowercase letters, digits and '_', not starting with a digit.";
        if (options.MaxConnections is < FewestConnections or > MostConnections)
            yield return $"{section}:MaxConnections = '{options.MaxConnections}' is not a number from {FewestConnections} to {MostConnections}. Fix: leave it empty, or set how many connections this process may use.";
    }

    /// <param name="options">The app's options.</param>
    /// <param name="folder">Where relative files start.</param>
    public static JobStorage Create(HangfireJobsOptions options, string folder)
    {
        var retention = RetentionOf(options);
        return Is(options.Storage, InMemory) ? new InMemoryStorage()
            : Is(options.Storage, Sqlite) ? new SqliteJobStorage(FileIn(folder, options.Storage.ConnectionString), new SqliteJobStorageOptions { Retention = retention, JobName = NameOf, Migrate = options.Storage.Migrate })
            : new PostgreSqlJobStorage(options.Storage.ConnectionString, new PostgreSqlJobStorageOptions
            {
                Schema = options.Storage.Schema,
                Retention = retention,
                JobName = NameOf,
                CreateSchema = options.Storage.CreateSchema,
                Migrate = options.Storage.Migrate,
                PrepareStatements = options.Storage.PrepareStatements,
                // Beside the workers' reads: the commits, the claims and the notifications.
                MaxConnections = options.Storage.MaxConnections ?? Math.Max(20, options.WorkerCount / 2),
            });
    }

    /// <summary>Gives a storage that was handed in the names and the retention of the app, unless its own options have others.</summary>
    public static void UseDefaults(SqlJobStorage storage, HangfireJobsOptions options) => storage.UseDefaults(NameOf, RetentionOf(options));

    /// <summary>Where the storage is, for messages; never with a secret.</summary>
    public static string Describe(HangfireJobsStorageOptions options, string folder)
    {
        if (Is(options, Sqlite))
            return $"SQLite file {new SqliteConnectionStringBuilder(FileIn(folder, options.ConnectionString)).DataSource}";
        if (!Is(options, PostgreSql))
            return options.Provider;
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        return $"PostgreSQL at {connection.Host}:{connection.Port}, database {connection.Database}, schema {options.Schema}";
    }

    private static JobRetention RetentionOf(HangfireJobsOptions options) =>
        new() { Succeeded = options.Retention.Succeeded, Deleted = options.Retention.Deleted, Failed = options.Retention.Failed };

    private static string FileIn(string folder, string connectionString)
    {
        var file = new SqliteConnectionStringBuilder(connectionString.Length == 0 ? DefaultFile : connectionString);
        file.DataSource = Path.Combine(folder, file.DataSource);
        return file.ToString();
    }

    // The names people see everywhere else, also for the storage's own searches.
    private static string NameOf(Job job) =>
        JobEnvelope.TryUnwrap(job, out var name, out _) ? name : $"{job.Type.Name}.{job.Method.Name}";

    private static string? FaultOfFile(string connectionString)
    {
        try
        {
            var file = new SqliteConnectionStringBuilder(connectionString);
            return connectionString.Length == 0 ? null
                : file.DataSource.Length == 0 ? "names no Data Source"
                : file.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase) || file.Mode == SqliteOpenMode.Memory ? "names no file"
                : null;
        }
        catch (ArgumentException)
        {
            return "is not a valid SQLite connection string";
        }
    }

    private static string? FaultOfServer(string connectionString)
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
