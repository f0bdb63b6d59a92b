using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Companies;

/// <summary>Where a company's jobs are stored.</summary>
internal sealed class CompanyStorageOptions
{
    /// <summary><c>Sqlite</c> or <c>PostgreSql</c>. The default value is <c>Sqlite</c>.</summary>
    public string Provider { get; set; } = "Sqlite";

    /// <summary>
    /// The connection string. Better not in a file that others read: set the environment variable
    /// <c>Companies__0__Storage__ConnectionString</c>.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// A file that holds the connection string and nothing else, as secrets are mounted. The default value is empty: none.
    /// </summary>
    public string ConnectionStringFile { get; set; } = "";

    /// <summary>The PostgreSQL schema. The default value is <c>hangfire</c>.</summary>
    public string Schema { get; set; } = "hangfire";

    /// <summary>
    /// Off behind a proxy that pools transactions, as PgBouncer in transaction mode does. The default value is <see langword="true"/>.
    /// </summary>
    public bool PrepareStatements { get; set; } = true;

    public HangfireJobsStorageOptions Resolve() => new()
    {
        Provider = Provider,
        ConnectionString = ConnectionStringFile.Length == 0 ? ConnectionString : SecretFile.Read(ConnectionStringFile),
        Schema = Schema,
        PrepareStatements = PrepareStatements,
    };
}
