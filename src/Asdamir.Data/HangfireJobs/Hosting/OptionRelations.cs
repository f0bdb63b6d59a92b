using System.Globalization;
using Asdamir.Data.HangfireJobs.Settings;
using Asdamir.Data.Storage.PostgreSql;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>The rules that relate several settings; those of one setting are attributes beside it.</summary>
internal static class OptionRelations
{
    public static IEnumerable<string> FaultsOf(HangfireJobsOptions options)
    {
        var health = options.Health;
        if (health.UnhealthyFailures < health.DegradedFailures)
        {
            yield return TooSmall(
                "Health:UnhealthyFailures", health.UnhealthyFailures, "less", "Health:DegradedFailures", health.DegradedFailures);
        }
        if (health.UnhealthyWait < health.DegradedWait)
            yield return TooSmall("Health:UnhealthyWait", health.UnhealthyWait, "shorter", "Health:DegradedWait", health.DegradedWait);
        if (options.Retry.MaxDelay < options.Retry.BaseDelay)
            yield return TooSmall("Retry:MaxDelay", options.Retry.MaxDelay, "shorter", "Retry:BaseDelay", options.Retry.BaseDelay);
    }

    /// <param name="section">The path of the options in the configuration.</param>
    public static IEnumerable<string> FaultsOf(HangfireJobsStorageOptions options, string section)
    {
        var key = $"{section}:{nameof(options.ConnectionString)}";
        if (options.Uses(HangfireJobsStorageOptions.Sqlite) && FaultOfFile(options.ConnectionString) is { } fileFault)
        {
            yield return SettingFault.OfSecret(
                key, fileFault,
                "leave it empty, or write for example 'Data Source=/var/lib/shop/jobs.db'; "
                    + $"for jobs in memory set Provider to {HangfireJobsStorageOptions.InMemory}");
        }
        if (options.Uses(HangfireJobsStorageOptions.PostgreSql) && FaultOfServer(options.ConnectionString) is { } serverFault)
            yield return SettingFault.OfSecret(key, serverFault, "write for example 'Host=db;Database=company;Username=jobs;Password=…'");
    }

    private static string TooSmall(string key, object value, string comparison, string otherKey, object other) => SettingFault.Of(
        $"{HangfireJobsOptions.SectionName}:{key}", value,
        string.Create(CultureInfo.InvariantCulture, $"is {comparison} than {otherKey} ({other})"),
        $"raise it to at least {otherKey}");

    private static string? FaultOfFile(string connectionString)
    {
        try
        {
            var file = new SqliteConnectionStringBuilder(connectionString);
            return connectionString.Length == 0 ? null
                : file.DataSource.Length == 0 ? "names no Data Source"
                : IsInMemory(file) ? "names no file"
                : null;
        }
        catch (ArgumentException)
        {
            return "is not a valid SQLite connection string";
        }
    }

    private static bool IsInMemory(SqliteConnectionStringBuilder file) =>
        file.Mode == SqliteOpenMode.Memory || file.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase);

    private static string? FaultOfServer(string connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            return "is empty";
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            return string.IsNullOrEmpty(settings.Host) ? "names no Host"
                : PostgreSqlHosts.FaultOf(settings) is { } fault ? $"has Target Session Attributes, which {fault}"
                : null;
        }
        catch (ArgumentException)
        {
            return "is not a valid Npgsql connection string";
        }
    }
}
