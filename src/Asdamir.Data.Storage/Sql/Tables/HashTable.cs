namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads of hashes.</summary>
internal static class HashTable
{
    public static Dictionary<string, string> All(ISessions sessions, string key)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT field, value FROM {s}hash_field WHERE key = @key",
            static row => KeyValuePair.Create(row.GetString(0), row.TextOrNull(1)!), ("@key", key)).ToDictionary();
    }

    public static string? Value(ISessions sessions, string key, string field) =>
        sessions.Texts("SELECT value FROM {s}hash_field WHERE key = @key AND field = @field", ("@key", key), ("@field", field))
            .FirstOrDefault();
}
