using System.Globalization;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// The defaults of database and role for each connection. A database that cannot store every text is refused; defaults that break
/// the storage, such as a short statement timeout, are overridden for its connections.
/// </summary>
internal static class PostgreSqlDefaults
{
    private const string Utf8 = "UTF8";
    private const string Encoding = "server_encoding";
    private const string Isolation = "default_transaction_isolation";
    private const string Strings = "standard_conforming_strings";

    // By name, with the shortest harmless time: statements of the storage set their own timeouts, and its connections stay open while
    // idle.
    private static readonly Dictionary<string, TimeSpan> Timeouts = new(StringComparer.Ordinal)
    {
        ["statement_timeout"] = TimeSpan.FromMinutes(1),
        ["lock_timeout"] = TimeSpan.FromMinutes(1),
        ["transaction_timeout"] = TimeSpan.FromMinutes(1),
        ["idle_session_timeout"] = TimeSpan.FromMinutes(10),
    };

    /// <returns>Options for the start of each connection; empty when none are needed.</returns>
    /// <exception cref="NotSupportedException">The database does not store UTF-8.</exception>
    public static string OptionsFor(NpgsqlConnection connection, string description)
    {
        string[] names = [Encoding, Isolation, Strings, .. Timeouts.Keys];
        using var command = new NpgsqlCommand("SELECT name, setting, source = 'client' FROM pg_settings WHERE name = ANY($1)", connection)
        {
            Parameters = { new() { Value = names } },
        };
        using var row = command.ExecuteReader();
        List<string> options = [];
        while (row.Read())
        {
            var name = row.GetString(0);
            var value = row.GetString(1);
            var isChosen = row.GetBoolean(2);
            if (name == Encoding && value != Utf8)
                throw NotUtf8(value, connection.Database, description);
            if (name == Isolation && value != "read committed")
                options.Add($"-c {name}=read\\ committed");
            else if (name == Strings && value != "on")
                options.Add($"-c {name}=on");
            else if (!isChosen && Timeouts.TryGetValue(name, out var harmless) && IsShorter(value, harmless))
                options.Add($"-c {name}=0");
        }
        return string.Join(' ', options);
    }

    // 0 stands for no timeout.
    private static bool IsShorter(string milliseconds, TimeSpan harmless) =>
        long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            && value < harmless.TotalMilliseconds;

    private static NotSupportedException NotUtf8(string encoding, string database, string description) => new(
        $"The database '{database}' has the encoding {encoding}, which cannot store every text, and the job storage ({description}) needs "
        + $"{Utf8}: jobs whose results or errors cannot be stored would never end. Nothing was written. Fix: use a database that was "
        + $"created with CREATE DATABASE … ENCODING '{Utf8}' TEMPLATE template0.");
}
