using Hangfire.Common;

namespace Asdamir.Data.Storage;

/// <summary>The settings of <see cref="PostgreSqlJobStorage"/>.</summary>
public sealed class PostgreSqlJobStorageOptions
{
    /// <summary>
    /// The schema that holds the tables: 1 to 63 lowercase letters, digits and <c>_</c>, not starting with a digit. All
    /// apps of a company share it. The default value is <c>hangfire</c>.
    /// </summary>
    public string Schema { get; set; } = "hangfire";

    /// <summary>Whether a missing schema is created. The default value is <see langword="true"/>.</summary>
    public bool CreateSchema { get; set; } = true;

    /// <summary>
    /// Whether the first use creates missing tables and updates old ones. With <see langword="false"/> the first use fails when they are
    /// missing or too old: for processes that only read, and where the deployment updates the database. The default value is
    /// <see langword="true"/>.
    /// </summary>
    public bool Migrate { get; set; } = true;

    /// <summary>
    /// How long the lease of this process lasts without renewal. Afterwards its claims and locks are released, and other processes
    /// execute its jobs again. It is renewed six times in this period and at least every 5 seconds, however long a job takes. It is the
    /// limit for a process that is suspended or disconnected; the end of a process is noticed sooner, within seconds.
    /// From 5 seconds to 10 minutes. The default value is 30 seconds.
    /// </summary>
    public TimeSpan LeaseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often idle workers poll for jobs, with a jitter of a fifth. Usually a notification wakes
    /// them within milliseconds; polling covers lost notifications. A server that claims through <see cref="IJobClaims"/> does so only
    /// where this is shorter than the interval of renewals of the lease: each renewal looks whether jobs wait.
    /// From 50 milliseconds to 1 minute. The default value is 5 seconds.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The maximum number of connections of this process, 8 to 1,000; up to two more renew its lease, and one shows that it is alive.
    /// <c>Maximum Pool Size</c> in the connection string takes precedence. The default value is 20.
    /// </summary>
    public int MaxConnections { get; set; } = 20;

    /// <summary>
    /// Whether statements are prepared and sessions have settings. Turn it off behind a proxy that pools
    /// transactions, such as PgBouncer in transaction mode: jobs are slower then, and idle workers of other processes poll
    /// every <see cref="PollInterval"/>, because such a proxy drops notifications. The default value is <see langword="true"/>.
    /// </summary>
    public bool PrepareStatements { get; set; } = true;

    /// <summary>How long jobs are kept after they end.</summary>
    public JobRetention Retention { get; set; } = new();

    /// <summary>
    /// The name under which jobs are listed and filtered. The default value is the type and the method, as in <c>Mailer.Send</c>.
    /// </summary>
    public Func<Job, string> JobName { get; set; } = SqlJobStorage.DefaultName;

    // Times of rows are the database's, so another clock makes sense in tests alone.
    internal TimeProvider Time { get; set; } = TimeProvider.System;
}
