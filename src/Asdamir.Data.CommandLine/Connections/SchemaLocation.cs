using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;
using Microsoft.Data.Sqlite;

namespace Asdamir.Data.CommandLine.Connections;

/// <summary>Where the schema is.</summary>
internal sealed record SchemaLocation
{
    private const string DefaultFile = "Data Source=jobs.db";

    /// <summary>Its settings.</summary>
    public required HangfireJobsStorageOptions Storage { get; init; }

    /// <summary>Where relative paths of SQLite files start.</summary>
    public required string Folder { get; init; }

    /// <summary>Further names whose values are hidden, as the app hides them.</summary>
    public string MaskedKeys { get; init; } = "";

    /// <summary>The queue of the app whose settings these are; empty for none.</summary>
    public string AppQueue { get; init; } = "";

    public IJobMonitor Observe(TimeProvider time, IReadOnlyList<IJobActionAudit> audits) => JobMonitor.Observe(new JobMonitorOptions
    {
        Storage = Storage,
        ContentRootPath = Folder,
        MaskedKeys = MaskedKeys,
        TimeProvider = time,
        Audits = audits,
    });

    /// <summary>The storage itself, for what a monitor does not do.</summary>
    /// <param name="migrates">Whether it creates and updates the tables.</param>
    public SqlJobStorage Open(bool migrates) => Storage.Provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase)
        ? new SqliteJobStorage(File, new SqliteJobStorageOptions { Migrate = migrates })
        : new PostgreSqlJobStorage(Storage.ConnectionString, new PostgreSqlJobStorageOptions
        {
            Schema = Storage.Schema,
            CreateSchema = Storage.CreateSchema,
            PrepareStatements = Storage.PrepareStatements,
            Migrate = migrates,
        });

    private string File
    {
        get
        {
            var file = new SqliteConnectionStringBuilder(Storage.ConnectionString.Length == 0 ? DefaultFile : Storage.ConnectionString);
            file.DataSource = Path.Combine(Folder, file.DataSource);
            return file.ToString();
        }
    }
}
