namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads of the metadata of jobs.</summary>
internal static class MetadataTable
{
    public static Dictionary<string, string> Of(ISessions sessions, long jobId, string prefix)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT name, value FROM {s}job_metadata WHERE job_id = @id AND substr(name, 1, length(@prefix)) = @prefix",
            static row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), ("@id", jobId), ("@prefix", prefix)).ToDictionary();
    }

    public static bool Has(ISessions sessions, long jobId, string name, string value)
    {
        using var session = sessions.Read();
        return session.Number(
            "SELECT 1 FROM {s}job_metadata WHERE job_id = @id AND name = @name AND value = @value",
            ("@id", jobId), ("@name", name), ("@value", value)) is not null;
    }
}
