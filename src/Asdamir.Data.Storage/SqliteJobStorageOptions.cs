using Hangfire.Common;

namespace Asdamir.Data.Storage;

/// <summary>The settings of <see cref="SqliteJobStorage"/>.</summary>
public sealed class SqliteJobStorageOptions
{
    /// <inheritdoc cref="PostgreSqlJobStorageOptions.LeaseTimeout"/>
    public TimeSpan LeaseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often a process looks whether another one has added jobs to the file. When the file has been unchanged for a second, the process
    /// waits until the operating system reports a change, and looks once a second. Jobs of the same process wake workers at once. From
    /// 10 milliseconds to 1 minute. The default value is 25 milliseconds.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Whether each commit waits until it is on disk (<c>synchronous=FULL</c>). With <see langword="false"/> the last
    /// commits may be lost when the machine loses power, though not when the process is killed. The default value is
    /// <see langword="true"/>.
    /// </summary>
    public bool Durable { get; set; } = true;

    /// <summary>
    /// How long a write waits for another process that is writing to the file. From 1 second to 5 minutes. The default value is 30 seconds.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the first use creates a missing file and missing tables, and updates old ones. With <see langword="false"/> the first use
    /// fails when they are missing or too old. The default value is <see langword="true"/>.
    /// </summary>
    public bool Migrate { get; set; } = true;

    /// <inheritdoc cref="PostgreSqlJobStorageOptions.Retention"/>
    public JobRetention Retention { get; set; } = new();

    /// <inheritdoc cref="PostgreSqlJobStorageOptions.JobName"/>
    public Func<Job, string> JobName { get; set; } = SqlJobStorage.DefaultName;

    /// <summary>
    /// The clock of the storage: of the times in its rows, and of its waits. All processes that share the file must have the same clock,
    /// so another one than the default value, the system's, is for tests.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
