using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Asdamir.Data.Storage.PostgreSql;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>Creates the storage that the options name. The only place that knows how each is set up.</summary>
internal static class StorageFactory
{
    private const int MostConnections = 50;
    private const string DefaultFile = "Data Source=jobs.db";

    /// <param name="options">The app's options.</param>
    /// <param name="folder">Where relative files start.</param>
    public static JobStorage Create(HangfireJobsOptions options, string folder)
    {
        var retention = RetentionOf(options);
        var storage = options.Storage;
        if (storage.Uses(HangfireJobsStorageOptions.InMemory))
            return new InMemoryStorage();
        if (storage.Uses(HangfireJobsStorageOptions.Sqlite))
        {
            return new SqliteJobStorage(FileIn(folder, storage.ConnectionString), new SqliteJobStorageOptions
            {
                Retention = retention,
                JobName = NameOf,
                Migrate = storage.Migrate,
            });
        }
        return new PostgreSqlJobStorage(storage.ConnectionString, new PostgreSqlJobStorageOptions
        {
            Schema = storage.Schema,
            Retention = retention,
            JobName = NameOf,
            CreateSchema = storage.CreateSchema,
            Migrate = storage.Migrate,
            PrepareStatements = storage.PrepareStatements,
            // Jobs' reads share them with commits, claims and notifications. Jobs that wait need none.
            MaxConnections = storage.MaxConnections ?? Math.Clamp(options.WorkerCount / 2, 20, MostConnections),
        });
    }

    /// <summary>Gives a storage that was handed in the names and the retention of the app, unless its own options have others.</summary>
    public static void UseDefaults(SqlJobStorage storage, HangfireJobsOptions options) => storage.UseDefaults(NameOf, RetentionOf(options));

    /// <summary>Where the storage is, for messages; never with a secret.</summary>
    public static string Describe(HangfireJobsStorageOptions options, string folder)
    {
        if (options.Uses(HangfireJobsStorageOptions.Sqlite))
            return $"SQLite file {new SqliteConnectionStringBuilder(FileIn(folder, options.ConnectionString)).DataSource}";
        if (!options.Uses(HangfireJobsStorageOptions.PostgreSql))
            return options.Provider;
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        return $"PostgreSQL at {PostgreSqlHosts.NamesOf(connection)}, database {connection.Database}, schema {options.Schema}";
    }

    private static JobRetention RetentionOf(HangfireJobsOptions options) =>
        new() { Succeeded = options.Retention.Succeeded, Deleted = options.Retention.Deleted, Failed = options.Retention.Failed };

    private static string FileIn(string folder, string connectionString)
    {
        var file = new SqliteConnectionStringBuilder(connectionString.Length == 0 ? DefaultFile : connectionString);
        file.DataSource = Path.Combine(folder, file.DataSource);
        return file.ToString();
    }

    // The storage searches by the name that API and dashboard show.
    private static string NameOf(Job job) =>
        JobEnvelope.TryUnwrap(job, out var name, out _) ? name : $"{job.Type.Name}.{job.Method.Name}";
}
