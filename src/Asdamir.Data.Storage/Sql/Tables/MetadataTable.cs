namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads of the metadata of jobs.</summary>
internal static class MetadataTable
{
    public static Dictionary<string, string> Of(ISessions sessions, long jobId)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT name, value FROM {s}job_metadata WHERE job_id = @id",
            static row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), ("@id", jobId)).ToDictionary();
    }
}
