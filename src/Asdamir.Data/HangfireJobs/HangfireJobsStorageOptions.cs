namespace Asdamir.Data.HangfireJobs;

/// <summary>Where jobs are stored. Ignored when the host hands in a storage of its own.</summary>
public sealed class HangfireJobsStorageOptions
{
    /// <summary>
    /// <c>InMemory</c> (the default value: for one process and for tests, nothing survives a restart) or
    /// <c>PostgreSql</c>. Upper and lower case do not matter.
    /// </summary>
    public string Provider { get; set; } = "InMemory";

    /// <summary>The Npgsql connection string; required for <c>PostgreSql</c>. The default value is empty.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The PostgreSQL schema, created when missing: lowercase letters, digits and <c>_</c>, at most 63. Apps of
    /// one company share it. The default value is <c>hangfire</c>.
    /// </summary>
    public string Schema { get; set; } = "hangfire";

    /// <summary>What the app does when the storage cannot be reached while it starts. The default value is <see cref="StorageUnavailable.Fail"/>.</summary>
    public StorageUnavailable WhenUnavailable { get; set; }
}
