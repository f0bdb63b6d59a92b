using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Where jobs are stored. Ignored when the host hands in its own storage with <c>UseStorage</c>.</summary>
public sealed class HangfireJobsStorageOptions
{
    internal const string Sqlite = "Sqlite";
    internal const string PostgreSql = "PostgreSql";
    internal const string InMemory = "InMemory";

    /// <summary>
    /// <c>Sqlite</c> (the default value: a file, durable, for the processes of one machine), <c>PostgreSql</c> (for any number of
    /// machines) or <c>InMemory</c> (for tests: nothing survives a restart). Upper and lower case do not matter.
    /// </summary>
    [OneOf($"use {Sqlite}, {PostgreSql} or {InMemory}, or hand in a storage with UseStorage(…)", Sqlite, PostgreSql, InMemory)]
    public string Provider { get; set; } = Sqlite;

    /// <summary>
    /// For <c>PostgreSql</c> the Npgsql connection string, required. For <c>Sqlite</c> the connection string of the file, as in
    /// <c>Data Source=/var/lib/shop/jobs.db</c>; a relative path starts at the app's content root. The default value is empty: for
    /// <c>Sqlite</c> the file <c>jobs.db</c> in the content root.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The PostgreSQL schema, created when missing: lowercase letters, digits and <c>_</c>, at most 63. The apps of
    /// one company share it. The default value is <c>hangfire</c>.
    /// </summary>
    [
        Pattern(
            @"\A[a-z_][a-z0-9_]{0,62}\z", "is not a valid schema name",
            "use 1 to 63 lowercase letters, digits and '_', not starting with a digit")
    ]
    public string Schema { get; set; } = "hangfire";

    /// <summary>
    /// Whether a missing schema of <c>PostgreSql</c> is created. The default value is <see langword="true"/>; with <see langword="false"/>
    /// the role needs no right to create schemas, and a missing one ends the start.
    /// </summary>
    public bool CreateSchema { get; set; } = true;

    /// <summary>
    /// Whether the app creates missing tables and updates old ones when it starts. The default value is <see langword="true"/>; with
    /// <see langword="false"/> a deployment step does so with a more privileged role, and missing or old tables end the start.
    /// </summary>
    public bool Migrate { get; set; } = true;

    /// <summary>
    /// Whether <c>PostgreSql</c> prepares statements and changes settings of its sessions. The default value is <see langword="true"/>.
    /// Turn it off behind a proxy that pools transactions, as PgBouncer in transaction mode does.
    /// </summary>
    public bool PrepareStatements { get; set; } = true;

    /// <summary>
    /// The most connections of this process to <c>PostgreSql</c>, 8 to 1,000; up to two more renew its lease. <c>Maximum Pool Size</c> in
    /// the connection string wins. The default value is <see langword="null"/>: half of the workers, but between 20 and 50.
    /// </summary>
    [Number(8, 1_000, "leave it empty, or set how many connections this process may use")]
    public int? MaxConnections { get; set; }

    /// <summary>
    /// What the app does when the storage cannot be reached while it starts. The default value is
    /// <see cref="StorageStartupBehavior.Fail"/>.
    /// </summary>
    public StorageStartupBehavior WhenUnavailable { get; set; }

    internal bool Uses(string provider) => provider.Equals(Provider, StringComparison.OrdinalIgnoreCase);
}
