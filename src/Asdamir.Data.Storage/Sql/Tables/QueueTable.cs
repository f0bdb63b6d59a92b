namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads of claims.</summary>
internal static class QueueTable
{
    /// <summary>The claims that belong to a lease.</summary>
    public static List<ClaimToken> ClaimsOf(ISessions sessions, long lease)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT id, deliveries, claimed_at FROM {s}queue WHERE claimed_by = @lease",
            static row => new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), ("@lease", lease));
    }
}
