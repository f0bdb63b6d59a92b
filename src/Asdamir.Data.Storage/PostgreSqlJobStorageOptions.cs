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
    /// Whether the first use creates missing tables and updates old ones. With <see langword="false"/> it is refused when they are
    /// not there or too old: for processes that only look, and where somebody else updates the database. The default value is <see langword="true"/>.
    /// </summary>
    public bool Migrate { get; set; } = true;

    /// <summary>
    /// How long this process may be silent before others take its claimed jobs and locks: the time after which the jobs
    /// of a crashed process are executed again. It is renewed six times in this time, however long a job takes.
    /// From 5 seconds to 10 minutes. The default value is 30 seconds.
    /// </summary>
    public TimeSpan LeaseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often idle workers look for jobs by themselves, with a jitter of a fifth. Usually a notification wakes
    /// them within milliseconds; this is for when one is lost. From 50 milliseconds to 1 minute. The default value is 5 seconds.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The most connections of this process, 8 to 1,000; up to two more renew its lease. <c>Maximum Pool Size</c> in the connection string wins. The default value is 20.
    /// </summary>
    public int MaxConnections { get; set; } = 20;

    /// <summary>
    /// Whether statements are prepared and sessions have settings of their own. Turn it off behind a proxy that pools
    /// transactions, as PgBouncer in transaction mode does: jobs are slower then, and idle workers of other processes look
    /// every <see cref="PollInterval"/>, as such a proxy passes on no notifications. The default value is <see langword="true"/>.
    /// </summary>
    public bool PrepareStatements { get; set; } = true;

    /// <summary>How long runs are kept once they ended.</summary>
    public JobRetention Retention { get; set; } = new();

    /// <summary>The name under which jobs are listed and filtered. The default value is the type and the method, as in <c>Mailer.Send</c>.</summary>
    public Func<Job, string> JobName { get; set; } = SqlJobStorage.DefaultName;
}
