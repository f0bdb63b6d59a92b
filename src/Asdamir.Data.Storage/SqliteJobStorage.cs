using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage;

/// <summary>
/// Stores Hangfire's jobs in a SQLite file: durable, without a server. Several processes of one machine may share the
/// file; it must not be on a network drive. Creating the storage does not open the file; the first use does, and
/// creates or updates the tables.
/// </summary>
public sealed class SqliteJobStorage : SqlJobStorage
{
    // For a change of the file that was missed.
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(5);

    /// <summary>Creates the storage.</summary>
    /// <param name="connectionString">The connection string, as in <c>Data Source=jobs.db</c>. A missing file is created, a missing folder
    /// is not.</param>
    /// <param name="options">The settings; <see langword="null"/> for the default values.</param>
    /// <exception cref="ArgumentException">The connection string or a setting is invalid; the message names it and the fix.</exception>
    public SqliteJobStorage(string connectionString, SqliteJobStorageOptions? options = null)
        : base(Parts(connectionString, options ?? new SqliteJobStorageOptions()))
    {
    }

    private static (JobDatabase, EngineSettings, JobSettings) Parts(string connectionString, SqliteJobStorageOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentNullException.ThrowIfNull(options.Retention);
        ArgumentNullException.ThrowIfNull(options.JobName);
        ArgumentNullException.ThrowIfNull(options.TimeProvider);
        var settings = new SqliteConnectionStringBuilder(connectionString);
        if (settings.DataSource.Length == 0 || settings.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase)
            || settings.Mode == SqliteOpenMode.Memory)
        {
            throw Settings.Invalid(
                "Data Source", settings.DataSource, "does not name a file",
                "write for example 'Data Source=jobs.db'; for jobs in memory use Hangfire.InMemory");
        }
        Settings.CheckRange(nameof(options.LeaseTimeout), options.LeaseTimeout, LeaseKeeper.ShortestTimeout, LeaseKeeper.LongestTimeout);
        Settings.CheckRange(nameof(options.PollInterval), options.PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        Settings.CheckRange(nameof(options.BusyTimeout), options.BusyTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        return (new SqliteDatabase(connectionString, options),
            new EngineSettings(
                options.LeaseTimeout, options.PollInterval > SlowPoll ? options.PollInterval : SlowPoll, HangfireStates.EnqueuedData),
            new JobSettings(options.JobName));
    }
}
