using Asdamir.Data.Storage.Sql;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>The settings of the driver: those of the connection string, and what it leaves open.</summary>
internal static class PostgreSqlSettings
{
    private const int BufferSize = 128 * 1024;

    // What the driver remembers of several hosts is forgotten whenever a connection cannot be opened. To check a host that is gone
    // at other times would only delay connections to the others.
    private const int SecondsUntilRecheck = 86_400;

    // A host that is gone may not even refuse.
    private const int TimeoutOfAHost = 5;

    // One renews the lease; after an outage a second one may be replacing it.
    private const int LeaseConnections = 2;

    public static NpgsqlConnectionStringBuilder Of(string connectionString, PostgreSqlJobStorageOptions options)
    {
        // Sessions leave nothing behind; connections with session settings are reset when they are returned.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Enlist = false, NoResetOnClose = true };
        settings.ApplicationName ??= "Asdamir.Data.Storage";
        var chosen = settings.Keys!.Cast<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        CheckRole(settings);
        if (PostgreSqlHosts.AreSeveral(settings))
        {
            SetDefault("Host Recheck Seconds", SecondsUntilRecheck);
            SetDefault("Timeout", TimeoutOfAHost);
        }
        SetDefault("Maximum Pool Size", options.MaxConnections);
        SetDefault("Keepalive", 30);
        // Large enough for a group of commits or claims: Npgsql then sends and reads it at once, without the thread pool.
        SetDefault("Write Buffer Size", BufferSize);
        SetDefault("Read Buffer Size", BufferSize);
        if (options.PrepareStatements && !chosen.Contains("Max Auto Prepare"))
        {
            settings.MaxAutoPrepare = 100;
            settings.AutoPrepareMinUsages = 2;
        }
        return settings;

        void SetDefault(string key, int value)
        {
            if (!chosen.Contains(key))
                settings[key] = value;
        }
    }

    /// <summary>Those of the connections that renew the lease.</summary>
    public static NpgsqlConnectionStringBuilder ForLease(NpgsqlConnectionStringBuilder settings, TimeSpan leaseTimeout) =>
        new(settings.ConnectionString)
        {
            MinPoolSize = 0, MaxPoolSize = LeaseConnections, Timeout = (int)Math.Clamp(leaseTimeout.TotalSeconds / 6, 1, 15)
        };

    /// <summary>The database and the schema, as OpenTelemetry writes it.</summary>
    public static string NamespaceOf(string connectionString, string schema)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{settings.Database ?? settings.Username}|{schema}";
    }

    private static void CheckRole(NpgsqlConnectionStringBuilder settings)
    {
        if (PostgreSqlHosts.FaultOf(settings) is { } fault)
        {
            throw Settings.Invalid(
                "Target Session Attributes", settings.TargetSessionAttributes, fault,
                "name all hosts, as in 'Host=db1,db2', with 'primary', which is the default value with several hosts, or 'read-write'");
        }
    }
}
